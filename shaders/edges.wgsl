// The edge heatmap of a pose on the graphics processor: the twin of `pose::edges::heatmap`.
//
// Contextual-Gesture, equations 4 to 7. One invocation lights one pixel: for every edge between two points k_i and k_j
// it finds the nearest place on the edge (equation 6, cut at both ends as equation 5 says), takes the light
// S_ij = score * exp(-d^2 / sigma^2) (equation 4 with v = -1, so that light fades), and keeps the greatest of all edges
// (equation 7). Each edge comes with the box beyond which it gives less than a byte can hold, as on the processor.

struct Frame {
    // Width and height of the map in pixels.
    size: vec2<u32>,
    // How many edges there are.
    edges: u32,
    // 1 / sigma^2, sigma in pixels.
    sharpness: f32,
};

struct Edge {
    // The first end in pixels, and the unit vector to the second.
    a: vec2<f32>,
    direction: vec2<f32>,
    // Pixels that it lights: first column and row, and the ones after the last.
    low: vec2<f32>,
    high: vec2<f32>,
    // The lesser score of its ends, 0-1.
    score: f32,
    // Distance of the two ends in pixels.
    extent: f32,
    unused: vec2<f32>,
};

@group(0) @binding(0) var<uniform> frame: Frame;
@group(0) @binding(1) var<storage, read> edges: array<Edge>;
// The map, row by row, 0-1.
@group(0) @binding(2) var<storage, read_write> light: array<f32>;

@compute @workgroup_size(16, 4)
fn draw(@builtin(global_invocation_id) id: vec3<u32>) {
    if (id.x >= frame.size.x || id.y >= frame.size.y) {
        return;
    }
    let corner = vec2<f32>(f32(id.x), f32(id.y));
    let p = corner + 0.5;
    var most = 0.0;
    for (var i = 0u; i < frame.edges; i = i + 1u) {
        let e = edges[i];
        if (any(corner < e.low) || any(corner >= e.high)) {
            continue;
        }
        // How far along the edge, in pixels: t of equation 6 times its length.
        let from_end = p - e.a;
        let off = from_end - e.direction * clamp(dot(from_end, e.direction), 0.0, e.extent);
        most = max(most, e.score * exp(-dot(off, off) * frame.sharpness));
    }
    light[id.y * frame.size.x + id.x] = most;
}
