// The warp of the resting picture on the graphics processor: the twin of the processor's own `warp::draw`.
//
// One invocation draws one pixel of the moving rows. It interpolates the way back to the resting picture from the
// coarse grid of displacements and fetches the picture there: between the four nearest texels of the picture in double
// size, in whole numbers, as the processor does it. The two differ only where a place is rounded to another 256th.

struct Frame {
    // Width and height of the picture in pixels.
    size: vec2<u32>,
    // First row that is drawn, and how many.
    rows: vec2<u32>,
    // First and last column (exclusive) of the moving region.
    columns: vec2<u32>,
    // Nodes of the grid side by side and on top of each other.
    nodes: vec2<u32>,
    // Place of the first node and distance between nodes, in picture units (the picture is 1 high).
    origin: vec2<f32>,
    cell: vec2<f32>,
    // Texels in a row of the doubled picture, and its rows.
    doubled: vec2<u32>,
    // Texels repeated beyond each edge of the doubled picture.
    border: u32,
    // 1 where the person is laid over a ground.
    grounded: u32,
};

@group(0) @binding(0) var<uniform> frame: Frame;
// The resting picture, four bytes a pixel, row by row.
@group(0) @binding(1) var<storage, read> picture: array<u32>;
// The same in double size with a border: texel (2 x + border, 2 y + border) is pixel (x, y).
@group(0) @binding(2) var<storage, read> doubled: array<u32>;
// From each node back to the resting picture, in picture units.
@group(0) @binding(3) var<storage, read> back: array<vec2<f32>>;
// The drawn rows, four bytes a pixel.
@group(0) @binding(4) var<storage, read_write> drawn: array<u32>;

// The picture without the person; one number where nothing is laid over it.
@group(0) @binding(5) var<storage, read> ground: array<u32>;

// Displacements below this many pixels cannot be seen: the pixel is copied.
const NOTHING: f32 = 0.01;

// Puts the ground behind a fetched pixel of the person; the fourth channel stays. Whole numbers, as on the processor.
fn over_ground(pixel: u32, behind: u32) -> u32 {
    let p = channels(pixel);
    let t = channels(behind).xyz * (255u - p.w) + 128u;
    let c = min(p.xyz + ((t + (t >> vec3<u32>(8u))) >> vec3<u32>(8u)), vec3<u32>(255u));
    return c.x | (c.y << 8u) | (c.z << 16u) | (p.w << 24u);
}

fn channels(bytes: u32) -> vec4<u32> {
    return vec4<u32>(bytes & 0xffu, (bytes >> 8u) & 0xffu, (bytes >> 16u) & 0xffu, bytes >> 24u);
}

// Between two colours, `t` in 256ths, rounded.
fn between(a: vec4<u32>, b: vec4<u32>, t: u32) -> vec4<u32> {
    return (a * (256u - t) + b * t + 128u) >> vec4<u32>(8u);
}

// The picture at a place in pixels, middles of pixels at whole numbers. Places outside show its edge.
fn fetch(place: vec2<f32>) -> u32 {
    // Whole numbers of 256ths of a texel, kept within the border.
    let limit = vec2<f32>(frame.doubled - 2u) * 256.0 + 255.0;
    let wanted = (place * 2.0 + f32(frame.border)) * 256.0 + 0.5;
    let at = vec2<u32>(clamp(floor(wanted), vec2<f32>(0.0), limit));
    let t = at & vec2<u32>(255u);
    let first = (at.y >> 8u) * frame.doubled.x + (at.x >> 8u);
    let left = between(channels(doubled[first]), channels(doubled[first + frame.doubled.x]), t.y);
    let right = between(channels(doubled[first + 1u]), channels(doubled[first + frame.doubled.x + 1u]), t.y);
    let c = between(left, right, t.x);
    return c.x | (c.y << 8u) | (c.z << 16u) | (c.w << 24u);
}

@compute @workgroup_size(16, 4)
fn draw(@builtin(global_invocation_id) id: vec3<u32>) {
    if (id.x >= frame.size.x || id.y >= frame.rows.y) {
        return;
    }
    let x = id.x;
    let y = id.y + frame.rows.x;
    let target_index = id.y * frame.size.x + x;
    let resting = picture[y * frame.size.x + x];
    if (x < frame.columns.x || x >= frame.columns.y) {
        drawn[target_index] = resting;
        return;
    }
    let scale = f32(frame.size.y);
    let limit = vec2<f32>(frame.nodes - 1u) - 1e-3;
    let at = clamp((vec2<f32>(f32(x) + 0.5, f32(y) + 0.5) / scale - frame.origin) / frame.cell, vec2<f32>(0.0), limit);
    let node = vec2<u32>(at);
    let t = at - floor(at);
    let first = node.y * frame.nodes.x + node.x;
    let left = mix(back[first], back[first + frame.nodes.x], t.y);
    let right = mix(back[first + 1u], back[first + frame.nodes.x + 1u], t.y);
    let shift = mix(left, right, t.x) * scale;
    if (max(abs(shift.x), abs(shift.y)) <= NOTHING) {
        drawn[target_index] = resting;
        return;
    }
    var pixel = fetch(vec2<f32>(f32(x), f32(y)) + shift);
    if (frame.grounded != 0u) {
        pixel = over_ground(pixel, ground[y * frame.size.x + x]);
    }
    drawn[target_index] = pixel;
}
