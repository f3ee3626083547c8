//! A small writer of PDF 1.4: pages with lines of text, rules and JPEG pictures, enough for a report on paper.
//!
//! Text is set in Helvetica, which every reader has; letters beyond Windows-1252 cannot be shown and become "?".

/// A page of A4, points: width and height.
pub const PAGE: (f32, f32) = (595.0, 842.0);

/// A JPEG picture with its size in pixels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Jpeg {
    pub data: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Something on a page; places are points from the top left corner.
#[derive(Clone, Debug, PartialEq)]
pub enum Item {
    /// A line of text with its base line at `y`.
    Text { x: f32, y: f32, size: f32, bold: bool, text: String },
    /// A picture whose top left corner is at `(x, y)`.
    Picture { x: f32, y: f32, width: f32, height: f32, jpeg: usize },
    /// A horizontal line.
    Rule { x: f32, y: f32, width: f32 },
}

/// Writes a document; `jpegs` are what [`Item::Picture`] counts. Pictures that do not exist are left out.
pub fn write(title: &str, pages: &[Vec<Item>], jpegs: &[Jpeg]) -> Vec<u8> {
    // 1 catalogue, 2 pages, 3 and 4 fonts, 5 information, then pictures, then two objects a page.
    let first_picture = 6;
    let first_page = first_picture + jpegs.len();
    let mut out = Objects::new();
    out.object(b"<< /Type /Catalog /Pages 2 0 R >>");
    let kids: Vec<String> = (0..pages.len()).map(|i| format!("{} 0 R", first_page + 2 * i)).collect();
    out.object(format!("<< /Type /Pages /Kids [{}] /Count {} >>", kids.join(" "), pages.len()).as_bytes());
    for font in ["Helvetica", "Helvetica-Bold"] {
        let font = format!("<< /Type /Font /Subtype /Type1 /BaseFont /{font} /Encoding /WinAnsiEncoding >>");
        out.object(font.as_bytes());
    }
    let mut information = b"<< /Producer (Cueloom) /Title ".to_vec();
    information.extend(string(title));
    information.extend(b" >>");
    out.object(&information);
    for jpeg in jpegs {
        let head = format!(
            "/Type /XObject /Subtype /Image /Width {} /Height {} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter /DCTDecode",
            jpeg.width, jpeg.height
        );
        out.stream(&head, &jpeg.data);
    }
    let pictures: Vec<String> = (0..jpegs.len()).map(|i| format!("/I{i} {} 0 R", first_picture + i)).collect();
    for (i, page) in pages.iter().enumerate() {
        let dictionary = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {} {}] /Contents {} 0 R /Resources << /Font << /F1 3 0 R /F2 4 0 R >> /XObject << {} >> >> >>",
            PAGE.0,
            PAGE.1,
            first_page + 2 * i + 1,
            pictures.join(" ")
        );
        out.object(dictionary.as_bytes());
        out.stream("", &content(page, jpegs.len()));
    }
    out.finish()
}

fn content(page: &[Item], pictures: usize) -> Vec<u8> {
    let mut out = Vec::new();
    for item in page {
        match item {
            Item::Text { x, y, size, bold, text } => {
                let font = if *bold { "F2" } else { "F1" };
                out.extend(format!("BT /{font} {size:.1} Tf {x:.1} {:.1} Td ", PAGE.1 - y).into_bytes());
                out.extend(string(text));
                out.extend(b" Tj ET\n");
            }
            Item::Picture { x, y, width, height, jpeg } if *jpeg < pictures => {
                let bottom = PAGE.1 - y - height;
                let line = format!("q {width:.1} 0 0 {height:.1} {x:.1} {bottom:.1} cm /I{jpeg} Do Q\n");
                out.extend(line.into_bytes());
            }
            Item::Picture { .. } => {}
            Item::Rule { x, y, width } => {
                let y = PAGE.1 - y;
                out.extend(format!("0.5 w {x:.1} {y:.1} m {:.1} {y:.1} l S\n", x + width).into_bytes());
            }
        }
    }
    out
}

/// A string in parentheses, Windows-1252.
fn string(text: &str) -> Vec<u8> {
    let mut out = vec![b'('];
    for c in text.chars() {
        match c {
            '(' | ')' | '\\' => out.extend([b'\\', c as u8]),
            ' '..='~' | '\u{a0}'..='\u{ff}' => out.push(c as u32 as u8),
            '–' => out.push(0x96),
            '’' => out.push(0x92),
            'œ' => out.push(0x9c),
            'Œ' => out.push(0x8c),
            c if c.is_control() => out.push(b' '),
            _ => out.push(b'?'),
        }
    }
    out.push(b')');
    out
}

/// Numbered objects and where each begins.
struct Objects {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Objects {
    fn new() -> Self {
        Self { bytes: b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n".to_vec(), starts: Vec::new() }
    }

    fn object(&mut self, body: &[u8]) {
        self.starts.push(self.bytes.len());
        self.bytes.extend(format!("{} 0 obj\n", self.starts.len()).into_bytes());
        self.bytes.extend(body);
        self.bytes.extend(b"\nendobj\n");
    }

    fn stream(&mut self, head: &str, data: &[u8]) {
        let mut body = format!("<< {head} /Length {} >>\nstream\n", data.len()).into_bytes();
        body.extend(data);
        body.extend(b"\nendstream");
        self.object(&body);
    }

    fn finish(mut self) -> Vec<u8> {
        let table = self.bytes.len();
        let count = self.starts.len() + 1;
        self.bytes.extend(format!("xref\n0 {count}\n0000000000 65535 f \n").into_bytes());
        for start in &self.starts {
            self.bytes.extend(format!("{start:010} 00000 n \n").into_bytes());
        }
        let end = format!("trailer\n<< /Size {count} /Root 1 0 R /Info 5 0 R >>\nstartxref\n{table}\n%%EOF\n");
        self.bytes.extend(end.into_bytes());
        self.bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_object_stands_where_the_table_says() {
        let jpeg = Jpeg { data: vec![0xff, 0xd8, 0xff, 0xd9], width: 2, height: 3 };
        let text = Item::Text { x: 40.0, y: 60.0, size: 12.0, bold: true, text: "é (1) 你".into() };
        let picture = Item::Picture { x: 40.0, y: 80.0, width: 20.0, height: 30.0, jpeg: 0 };
        let missing = Item::Picture { x: 0.0, y: 0.0, width: 1.0, height: 1.0, jpeg: 7 };
        let rule = Item::Rule { x: 40.0, y: 70.0, width: 100.0 };
        let pdf = write("Report", &[vec![text, picture, missing], vec![rule]], &[jpeg]);
        let find = |needle: &[u8]| pdf.windows(needle.len()).position(|w| w == needle);
        assert!(pdf.starts_with(b"%PDF-1.4") && pdf.ends_with(b"%%EOF\n"));
        let table = find(b"xref\n").unwrap();
        // 5 fixed, 1 picture, 2 pages of 2 objects.
        let count = 10;
        let lines = String::from_utf8(pdf[table..].to_vec()).unwrap();
        assert!(lines.contains(&format!("startxref\n{table}\n")) && lines.contains(&format!("/Size {}", count + 1)));
        for (i, line) in lines.lines().skip(3).take(count).enumerate() {
            let start: usize = line[..10].parse().unwrap();
            assert!(pdf[start..].starts_with(format!("{} 0 obj", i + 1).as_bytes()), "{line}");
        }
        assert!(find(b"(\xe9 \\(1\\) ?) Tj").is_some() && find(b"/I0 Do").is_some() && find(b"/I7").is_none());
    }
}
