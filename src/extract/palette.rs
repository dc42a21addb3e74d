//! The colours of a piece of a picture: which there is most of, and which one letters have in it.

use std::collections::HashMap;

use super::colours::contrast;

/// Colours that were counted, near ones together.
#[derive(Debug, Default)]
pub struct Palette {
    groups: HashMap<[u8; 3], Group>,
    total: u64,
}

#[derive(Debug, Default, Clone, Copy)]
struct Group {
    count: u64,
    sum: [u64; 3],
}

/// Colours that share this many leading bits of each channel count as one.
const BITS: u32 = 4;
/// A colour takes at least this share of the pixels to be one of the letters.
const LETTERS: f64 = 0.006;
/// A colour this near to that of the letters belongs to them …
const NEAR: f64 = 48.0;
/// … unless it takes this share: letters never fill half of their box.
const TOO_MUCH: f64 = 0.5;

impl Palette {
    pub fn add(&mut self, colours: &[[u8; 3]]) {
        for colour in colours {
            let key = colour.map(|channel| channel >> (8 - BITS));
            let group = self.groups.entry(key).or_default();
            group.count += 1;
            for (sum, channel) in group.sum.iter_mut().zip(colour) {
                *sum += u64::from(*channel);
            }
            self.total += 1;
        }
    }

    pub fn is_empty(&self) -> bool {
        self.total == 0
    }

    /// The colour that there is most of.
    pub fn most(&self) -> [f64; 3] {
        let groups = self.sorted();
        groups.first().map_or([255.0; 3], |(colour, _)| *colour)
    }

    /// The highest contrast that a colour of some share has to the one there is most of.
    pub fn of_letters(&self) -> Option<f64> {
        let ground = self.most();
        let groups = self.sorted().into_iter().skip(1);
        groups
            .filter(|(_, share)| *share >= LETTERS)
            .map(|(colour, _)| contrast(colour, ground))
            .max_by(f64::total_cmp)
    }

    /// The contrast of letters of this colour to the middle of what else is seen: half of it is nearer to
    /// them, half further off.
    pub fn to(&self, letters: [f64; 3]) -> f64 {
        let near = |colour: &[f64; 3]| {
            let apart = colour
                .iter()
                .zip(letters)
                .map(|(one, other)| (one - other).abs());
            apart.fold(0.0, f64::max) < NEAR
        };
        let ground = self.sorted().into_iter();
        let mut ground: Vec<(f64, f64)> = ground
            .filter(|(colour, share)| !near(colour) || *share > TOO_MUCH)
            .map(|(colour, share)| (contrast(colour, letters), share))
            .collect();
        ground.sort_by(|one, other| one.0.total_cmp(&other.0));
        let half = ground.iter().map(|(_, share)| share).sum::<f64>() / 2.0;
        let mut sum = 0.0;
        let middle = ground.iter().find(|(_, share)| {
            sum += share;
            sum >= half
        });
        middle.map_or(1.0, |(contrast, _)| *contrast)
    }

    /// Every group's mean colour and share, the largest first.
    fn sorted(&self) -> Vec<([f64; 3], f64)> {
        let mut groups: Vec<(&[u8; 3], &Group)> = self.groups.iter().collect();
        groups.sort_by_key(|(key, group)| (std::cmp::Reverse(group.count), **key));
        let share = |group: &Group| group.count as f64 / self.total as f64;
        let mean = |group: &Group| group.sum.map(|sum| sum as f64 / group.count as f64);
        groups
            .into_iter()
            .map(|(_, group)| (mean(group), share(group)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Palette;

    #[test]
    fn letters_stand_out_from_what_there_is_most_of() {
        let mut palette = Palette::default();
        palette.add(&[[250, 250, 250]; 900]);
        palette.add(&[[120, 120, 120]; 60]);
        palette.add(&[[20, 20, 20]; 2]);
        assert_eq!(palette.most(), [250.0; 3]);
        let shown = palette.of_letters().unwrap();
        assert!((4.0..4.6).contains(&shown), "{shown}");
        assert!(palette.to([20.0; 3]) > 15.0);
        // A text of the colour of its ground is not taken for the rest of the picture.
        assert!(palette.to([250.0; 3]) < 1.1);
    }
}
