//! The fonts that the program ships and that both pictures and the window write with; each lies in the program once.

pub static INTER_BOLD: &[u8] = include_bytes!("../../../assets/fonts/Inter-SemiBold.otf");
pub static MONO: &[u8] = include_bytes!("../../../assets/fonts/DejaVuSansMono.ttf");
pub static CJK: &[u8] = include_bytes!("../../../assets/fonts/DroidSansFallbackFull.ttf");
pub static SYMBOLS: &[u8] = include_bytes!("../../../assets/fonts/Symbols.ttf");
