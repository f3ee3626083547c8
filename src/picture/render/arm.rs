//! What a picture without its cueing arm says of that arm.
//!
//! A cueing arm swings about its shoulder, farther than a picture can be warped, so a presenter is drawn without it
//! and it is painted for each frame, together with the hand: see [`super::hand_mesh`].

use serde::{Deserialize, Serialize};

/// Where a picture's missing upper arm is fastened, and its colours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ArmLook {
    /// Upper and lower end of the sleeve's seam (top of the shoulder, armpit), offsets from the shoulder point in
    /// picture units; x grows away from the arm.
    pub seam: [[f32; 2]; 2],
    /// Half the width of the sleeve at shoulder and elbow.
    pub half_width: [f32; 2],
    /// Cloth where the light falls, at rest, and in shade; sRGB.
    pub light: [u8; 3],
    pub cloth: [u8; 3],
    pub shade: [u8; 3],
}
