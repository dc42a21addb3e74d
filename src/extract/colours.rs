//! Colours as styles write them, and what WCAG 2.2 calculates from them.

/// A colour with its opacity, each channel from 0 to 255, opacity from 0 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Colour {
    pub channels: [f64; 3],
    pub alpha: f64,
}

pub const WHITE: [f64; 3] = [255.0; 3];

impl Colour {
    pub const CLEAR: Colour = Colour {
        channels: [0.0; 3],
        alpha: 0.0,
    };

    /// Reads a computed colour: `rgb()`, `rgba()`, `color(srgb …)`, `oklab()`, `oklch()`. `None` for other
    /// colour spaces.
    pub fn read(text: &str) -> Option<Colour> {
        if text == "transparent" {
            return Some(Colour::CLEAR);
        }
        let (name, rest) = text.split_once('(')?;
        let inside = rest.strip_suffix(')')?;
        let mut parts = inside
            .split([',', ' ', '/'])
            .filter(|part| !part.is_empty())
            .peekable();
        if name == "color" {
            parts.next_if_eq(&"srgb")?;
        }
        let mut number = || -> Option<f64> {
            let part = parts.next()?;
            match part.strip_suffix('%') {
                _ if part == "none" => Some(0.0),
                Some(share) => share.parse::<f64>().ok().map(|share| share / 100.0),
                None => part.parse().ok(),
            }
        };
        let given = [number()?, number()?, number()?];
        let alpha = number().unwrap_or(1.0).clamp(0.0, 1.0);
        let channels = match name {
            "rgb" | "rgba" => given,
            "color" => given.map(|share| share * 255.0),
            "oklab" => from_oklab(given),
            "oklch" => {
                let [lightness, chroma, hue] = given;
                let hue = hue.to_radians();
                from_oklab([lightness, chroma * hue.cos(), chroma * hue.sin()])
            }
            _ => return None,
        };
        Some(Colour {
            channels: channels.map(|channel| channel.clamp(0.0, 255.0)),
            alpha,
        })
    }

    /// The same, letting more through.
    pub fn times(self, opacity: f64) -> Colour {
        Colour {
            alpha: self.alpha * opacity,
            ..self
        }
    }

    /// What is seen of it over a ground.
    pub fn over(self, ground: [f64; 3]) -> [f64; 3] {
        mix(ground, self.channels, self.alpha)
    }
}

/// `share` of the one over the rest of the other.
pub fn mix(under: [f64; 3], over: [f64; 3], share: f64) -> [f64; 3] {
    let channel = |at: usize| over[at] * share + under[at] * (1.0 - share);
    [channel(0), channel(1), channel(2)]
}

/// Oklab to sRGB, by Björn Ottosson's definition (CSS Color 4, "Converting Oklab colors").
fn from_oklab([lightness, a, b]: [f64; 3]) -> [f64; 3] {
    let l = (lightness + 0.396_337_777_4 * a + 0.215_803_757_3 * b).powi(3);
    let m = (lightness - 0.105_561_345_8 * a - 0.063_854_172_8 * b).powi(3);
    let s = (lightness - 0.089_484_177_5 * a - 1.291_485_548 * b).powi(3);
    let linear = [
        4.076_741_662_1 * l - 3.307_711_591_3 * m + 0.230_969_929_2 * s,
        -1.268_438_004_6 * l + 2.609_757_401_1 * m - 0.341_319_396_5 * s,
        -0.004_196_086_3 * l - 0.703_418_614_7 * m + 1.707_614_701 * s,
    ];
    linear.map(|part: f64| {
        let part = part.clamp(0.0, 1.0);
        let coded = if part <= 0.003_130_8 {
            12.92 * part
        } else {
            1.055 * part.powf(1.0 / 2.4) - 0.055
        };
        coded * 255.0
    })
}

/// Relative luminance (WCAG 2.2).
pub fn luminance(channels: [f64; 3]) -> f64 {
    let [r, g, b] = channels.map(|channel| {
        let share = channel / 255.0;
        if share <= 0.040_45 {
            share / 12.92
        } else {
            ((share + 0.055) / 1.055).powf(2.4)
        }
    });
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

/// Contrast ratio (WCAG 2.2), from 1 to 21.
pub fn contrast(one: [f64; 3], other: [f64; 3]) -> f64 {
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

/// How far from grey, in hundredths.
pub fn saturation(channels: [f64; 3]) -> f64 {
    let most = channels.into_iter().fold(0.0, f64::max);
    let least = channels.into_iter().fold(255.0, f64::min);
    if most <= 0.0 {
        return 0.0;
    }
    (most - least) / most * 100.0
}

pub fn rounded(channels: [f64; 3]) -> [u8; 3] {
    channels.map(|channel| channel.round().clamp(0.0, 255.0) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seen(text: &str) -> Option<[u8; 3]> {
        Colour::read(text).map(|colour| rounded(colour.channels))
    }

    #[test]
    fn colours_are_read_as_chrome_writes_them() {
        assert_eq!(seen("rgb(26, 127, 60)"), Some([26, 127, 60]));
        assert_eq!(seen("rgba(0, 0, 0, 0)"), Some([0, 0, 0]));
        assert_eq!(
            Colour::read("rgba(0, 0, 0, 0.4)").map(|c| c.alpha),
            Some(0.4)
        );
        assert_eq!(seen("color(srgb 1 0.5 0)"), Some([255, 128, 0]));
        assert_eq!(
            Colour::read("color(srgb 1 0 0 / 0.5)").map(|c| c.alpha),
            Some(0.5)
        );
        // Tailwind's gray-900 and blue-600.
        assert_eq!(seen("oklch(0.21 0.034 264.665)"), Some([16, 24, 40]));
        assert_eq!(seen("oklch(0.546 0.245 262.881)"), Some([21, 93, 252]));
        assert_eq!(seen("color(display-p3 1 0 0)"), None);
        assert_eq!(seen("none"), None);
    }

    #[test]
    fn contrasts_are_those_of_wcag() {
        let near = |a: f64, b: f64| (a - b).abs() < 0.01;
        assert!(near(contrast([0.0; 3], WHITE), 21.0));
        assert!(near(contrast([119.0; 3], WHITE), 4.48));
        assert!(near(contrast([118.0; 3], WHITE), 4.54));
        assert!(near(contrast([255.0, 0.0, 0.0], WHITE), 4.0));
    }
}
