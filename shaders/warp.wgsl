// The warp of the resting picture on the graphics processor: the twin of the processor's own `warp::draw`.
//
// One invocation draws one pixel of the moving rows. It interpolates the way back to the resting picture from the
// coarse grid of displacements and fetches the picture there with a Catmull-Rom kernel. Every step is written in the
// order in which the processor does it, so that both give the same bytes but for rounding.

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
};

@group(0) @binding(0) var<uniform> frame: Frame;
// The resting picture, four bytes a pixel, row by row.
@group(0) @binding(1) var<storage, read> picture: array<u32>;
// From each node back to the resting picture, in picture units.
@group(0) @binding(2) var<storage, read> back: array<vec2<f32>>;
// The drawn rows, four bytes a pixel.
@group(0) @binding(3) var<storage, read_write> drawn: array<u32>;

// Displacements below this many pixels cannot be seen: the pixel is copied.
const NOTHING: f32 = 0.01;

// Colour of a pixel, 0 to 255; beyond its edges the picture goes on as it ends.
fn texel(x: i32, y: i32) -> vec4<f32> {
    let inside = clamp(vec2<i32>(x, y), vec2<i32>(0), vec2<i32>(frame.size) - 1);
    let bytes = picture[u32(inside.y) * frame.size.x + u32(inside.x)];
    return vec4<f32>(
        f32(bytes & 0xffu),
        f32((bytes >> 8u) & 0xffu),
        f32((bytes >> 16u) & 0xffu),
        f32(bytes >> 24u),
    );
}

// Weights of four neighbouring pixels at a place `t` between the middle two.
fn catmull_rom(t: f32) -> vec4<f32> {
    let t2 = t * t;
    let t3 = t2 * t;
    return 0.5 * vec4<f32>(2.0 * t2 - t - t3, 3.0 * t3 - 5.0 * t2 + 2.0, 4.0 * t2 + t - 3.0 * t3, t3 - t2);
}

// The picture at a place in pixels, middles of pixels at halves.
fn sample_picture(place: vec2<f32>) -> vec4<f32> {
    let shifted = place - 0.5;
    let base = floor(shifted);
    let wx = catmull_rom(shifted.x - base.x);
    let wy = catmull_rom(shifted.y - base.y);
    let x = i32(base.x) - 1;
    let y = i32(base.y) - 1;
    var sum = vec4<f32>(0.0);
    for (var j = 0; j < 4; j++) {
        let row = wx.x * texel(x, y + j) + wx.y * texel(x + 1, y + j)
            + (wx.z * texel(x + 2, y + j) + wx.w * texel(x + 3, y + j));
        sum += wy[j] * row;
    }
    return sum;
}

// Rounds a colour from 0 to 255 to bytes.
fn to_bytes(colour: vec4<f32>) -> u32 {
    let c = vec4<u32>(clamp(colour + 0.5, vec4<f32>(0.0), vec4<f32>(255.0)));
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
    drawn[target_index] = to_bytes(sample_picture(vec2<f32>(f32(x) + 0.5, f32(y) + 0.5) + shift));
}
