//! Characters with their places to markup: lines, then paragraphs, list items, table rows, headings.
//!
//! Pure geometry: it must not know where the characters come from, nor what they mean.

use std::collections::{BTreeMap, HashMap, HashSet};

use unicode_normalization::UnicodeNormalization;

use crate::artifact::PDF_TEXT;

/// One character as it stands on a page; y grows upwards.
#[derive(Debug, Clone)]
pub struct Mark {
    pub text: String,
    pub x: f64,
    pub y: f64,
    pub size: f64,
    pub width: f64,
}

/// The pages of a file as lines.
#[derive(Debug, Default)]
pub struct Layout {
    lines: Vec<Line>,
    pages: usize,
}

/// Characters on one baseline, in cells where wide gaps part them.
#[derive(Debug, Clone)]
struct Line {
    page: usize,
    cells: Vec<String>,
    y: f64,
    size: f64,
    right: f64,
}

/// What lines are put together as.
enum Block {
    Paragraph(String),
    Item(String),
    Heading(String),
    Row(Vec<String>),
}

/// Shares of the font's size: how far apart characters are to be two words, or two cells of a table; how
/// far one may go back to overlap the last; how far lines of one paragraph are apart.
const WORD_GAP: f64 = 0.15;
const CELL_GAP: f64 = 1.0;
const OVERLAP: f64 = 0.5;
const LINE_GAP: f64 = 1.9;
/// A line that ends before this share of the page's text width ends its paragraph.
const FULL: f64 = 0.82;
/// Of the lines of running text, this share at least begins with a small letter.
const PROSE: f64 = 0.25;
/// A line this much larger than most of the text is a heading, unless it is longer than this.
const HEADING: f64 = 1.18;
const LONGEST_HEADING: usize = 150;
/// What list items begin with.
const BULLETS: [char; 12] = [
    '•', '▪', '◦', '●', '■', '‣', '·', '*', '–', '-', '\u{f0b7}', '\u{f0a7}',
];
/// On so many pages the same line at the same height is a header or a footer.
const REPEATED: usize = 3;

impl Layout {
    /// Adds a page: its marks in the order they are drawn.
    pub fn page(&mut self, marks: Vec<Mark>) {
        let first = self.lines.len();
        for mark in marks {
            self.add(first, &mark);
        }
        for line in &mut self.lines[first..] {
            for cell in &mut line.cells {
                *cell = cell.split_whitespace().collect::<Vec<_>>().join(" ");
            }
            line.cells.retain(|cell| !cell.is_empty());
        }
        self.lines.retain(|line| !line.cells.is_empty());
        self.pages += 1;
    }

    fn add(&mut self, first: usize, mark: &Mark) {
        // "ﬁ" is two letters to those who read it.
        let mut text = String::new();
        for c in mark.text.chars() {
            match c {
                '\u{fb00}'..='\u{fb06}' => text.extend(c.nfkd()),
                c if c.is_control() => text.push(' '),
                c => text.push(c),
            }
        }
        let right = mark.x + mark.width;
        if let Some(line) = self.lines[first..].last_mut() {
            let size = line.size.max(mark.size);
            let gap = mark.x - line.right;
            if (mark.y - line.y).abs() < size * 0.4 && gap > -size * OVERLAP {
                if gap > size * CELL_GAP {
                    line.cells.push(String::new());
                } else if gap > size * WORD_GAP {
                    line.push(" ");
                }
                line.push(&text);
                line.right = line.right.max(right);
                line.size = size;
                return;
            }
        }
        // Blanks begin no line.
        if text.trim().is_empty() {
            return;
        }
        self.lines.push(Line {
            page: self.pages,
            cells: vec![text],
            y: mark.y,
            size: mark.size,
            right,
        });
    }

    /// Letters and digits of all lines.
    pub fn letters(&self) -> usize {
        let cells = self.lines.iter().flat_map(|line| &line.cells);
        cells
            .map(|cell| cell.chars().filter(|c| c.is_alphanumeric()).count())
            .sum()
    }

    /// The lines as a document.
    pub fn markup(&self, language: Option<&str>) -> String {
        let repeated = self.repeated();
        let body = self.body_size();
        let margins = self.margins();
        let mut blocks: Vec<Block> = Vec::new();
        let mut footer: BTreeMap<(i64, String), String> = BTreeMap::new();
        let mut last: Option<&Line> = None;
        for (line, prose) in self.lines.iter().zip(self.prose()) {
            let key = line.key();
            if repeated.contains(&key) {
                footer.entry(key).or_insert_with(|| line.cells.join(" "));
                continue;
            }
            // In a list, each line is an entry, however alike their lengths are.
            let margin = |line: &Line| {
                if prose {
                    margins[&line.page]
                } else {
                    f64::INFINITY
                }
            };
            let continues = last.is_some_and(|last| last.goes_on_in(line, margin(last)));
            place(line, continues, body, &mut blocks);
            last = Some(line);
        }
        write(&blocks, footer.into_values(), language)
    }

    /// The size that most characters have.
    fn body_size(&self) -> f64 {
        let mut by_size: BTreeMap<i64, usize> = BTreeMap::new();
        for line in &self.lines {
            let length: usize = line.cells.iter().map(String::len).sum();
            *by_size.entry((line.size * 2.0).round() as i64).or_default() += length;
        }
        let most = by_size.into_iter().max_by_key(|(_, length)| *length);
        most.map_or(0.0, |(size, _)| size as f64 / 2.0)
    }

    /// For each line, whether it stands among lines of running text: there, many begin as no paragraph does.
    fn prose(&self) -> Vec<bool> {
        let mut prose = Vec::with_capacity(self.lines.len());
        while let Some(first) = self
            .lines
            .get(prose.len()..)
            .filter(|rest| !rest.is_empty())
        {
            let pairs = first.windows(2);
            let length = 1 + pairs.take_while(|pair| pair[0].is_above(&pair[1])).count();
            let within = first[1..length]
                .iter()
                .filter(|line| line.goes_on())
                .count();
            let share = within as f64 / (length - 1).max(1) as f64;
            prose.extend(std::iter::repeat_n(share >= PROSE, length));
        }
        prose
    }

    /// Where each page's text ends on the right.
    fn margins(&self) -> HashMap<usize, f64> {
        let mut margins: HashMap<usize, f64> = HashMap::new();
        for line in &self.lines {
            let right = margins.entry(line.page).or_insert(line.right);
            *right = right.max(line.right);
        }
        margins
    }

    fn repeated(&self) -> HashSet<(i64, String)> {
        let mut pages: HashMap<(i64, String), HashSet<usize>> = HashMap::new();
        for line in &self.lines {
            pages.entry(line.key()).or_default().insert(line.page);
        }
        pages.retain(|_, pages| pages.len() >= REPEATED);
        pages.into_keys().collect()
    }
}

impl Line {
    fn push(&mut self, text: &str) {
        if let Some(cell) = self.cells.last_mut() {
            cell.push_str(text);
        }
    }

    /// Text and height, for lines that pages share; numbers of pages are no part of it.
    fn key(&self) -> (i64, String) {
        let page = |word: &&str| word.len() <= 3 && word.chars().all(|c| c.is_ascii_digit());
        let words = self.cells.iter().flat_map(|cell| cell.split(' '));
        let text: Vec<&str> = words.filter(|word| !page(word)).collect();
        (self.y.round() as i64, text.join(" "))
    }

    /// Whether the next line is of the same paragraph: it follows close, and this one is full or the next
    /// begins as no paragraph does.
    fn goes_on_in(&self, next: &Line, margin: f64) -> bool {
        self.is_above(next)
            && (self.right >= margin * FULL || next.goes_on())
            && !bulleted(&next.cells[0])
    }

    /// Whether the next line follows close, in the same size.
    fn is_above(&self, next: &Line) -> bool {
        let down = self.y - next.y;
        self.page == next.page
            && down > 0.0
            && down < self.size * LINE_GAP
            && (self.size - next.size).abs() < self.size * 0.1
    }

    /// Whether it begins as no paragraph does.
    fn goes_on(&self) -> bool {
        self.cells[0].starts_with(char::is_lowercase)
    }
}

fn bulleted(text: &str) -> bool {
    let mut chars = text.chars();
    let bullet = chars.next().is_some_and(|c| BULLETS.contains(&c));
    bullet && chars.next().is_none_or(char::is_whitespace)
}

/// Adds a line to the blocks.
fn place(line: &Line, continues: bool, body: f64, blocks: &mut Vec<Block>) {
    let mut cells = &line.cells[..];
    let text = match cells {
        // The bullet stands apart from its item.
        [bullet, _, ..] if bulleted(bullet) && bullet.chars().count() == 1 => {
            cells = &cells[1..];
            return blocks.push(Block::Item(cells.join(" ")));
        }
        // A label and what it names.
        [label, value] if label.ends_with(':') => format!("{label} {value}"),
        [text] => text.clone(),
        _ => return blocks.push(Block::Row(cells.to_vec())),
    };
    if bulleted(&text) {
        let item = text.trim_start_matches(BULLETS).trim_start().to_string();
        return blocks.push(Block::Item(item));
    }
    let before = blocks.last_mut().filter(|_| continues);
    match before {
        Some(Block::Paragraph(before) | Block::Item(before) | Block::Heading(before)) => {
            // A word that the end of the line parts is one word.
            let parted = before.ends_with('-') && text.starts_with(char::is_lowercase);
            if parted {
                before.pop();
            } else {
                before.push(' ');
            }
            before.push_str(&text);
        }
        _ if line.size >= body * HEADING && text.len() <= LONGEST_HEADING => {
            blocks.push(Block::Heading(text));
        }
        _ => blocks.push(Block::Paragraph(text)),
    }
}

fn write(blocks: &[Block], footer: impl Iterator<Item = String>, language: Option<&str>) -> String {
    let mut out = String::from("<!doctype html>\n<html");
    if let Some(language) = language {
        out.push_str(&format!(" lang=\"{}\"", escaped(language)));
    }
    let (name, content) = PDF_TEXT;
    out.push_str(&format!(
        "><head><meta charset=\"utf-8\"><meta name=\"{name}\" content=\"{content}\"><title></title></head><body>\n"
    ));
    let mut open = "";
    for block in blocks {
        let wanted = match block {
            Block::Item(_) => "ul",
            Block::Row(_) => "table",
            _ => "",
        };
        if wanted != open {
            if !open.is_empty() {
                out.push_str(&format!("</{open}>\n"));
            }
            if !wanted.is_empty() {
                out.push_str(&format!("<{wanted}>\n"));
            }
            open = wanted;
        }
        match block {
            Block::Paragraph(text) => out.push_str(&format!("<p>{}</p>\n", escaped(text))),
            Block::Item(text) => out.push_str(&format!("<li>{}</li>\n", escaped(text))),
            Block::Heading(text) => out.push_str(&format!("<h2>{}</h2>\n", escaped(text))),
            Block::Row(cells) => {
                let cells: String = cells
                    .iter()
                    .map(|cell| format!("<td>{}</td>", escaped(cell)))
                    .collect();
                out.push_str(&format!("<tr>{cells}</tr>\n"));
            }
        }
    }
    if !open.is_empty() {
        out.push_str(&format!("</{open}>\n"));
    }
    let lines: String = footer
        .map(|line| format!("<p>{}</p>", escaped(&line)))
        .collect();
    if !lines.is_empty() {
        out.push_str(&format!("<footer>{lines}</footer>\n"));
    }
    out.push_str("</body></html>\n");
    out
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::{Layout, Mark};

    /// Words as a writer sets them: each character half as wide as the font is high.
    fn line(marks: &mut Vec<Mark>, x: f64, y: f64, size: f64, text: &str) {
        for (at, c) in text.chars().enumerate() {
            marks.push(Mark {
                text: c.to_string(),
                x: x + at as f64 * size / 2.0,
                y,
                size,
                width: size / 2.0,
            });
        }
    }

    fn markup(lines: &[(f64, f64, f64, &str)]) -> String {
        let mut marks = Vec::new();
        for (x, y, size, text) in lines {
            line(&mut marks, *x, *y, *size, text);
        }
        let mut layout = Layout::default();
        layout.page(marks);
        let markup = layout.markup(Some("fr"));
        let body = markup.split("<body>").nth(1).unwrap_or_default();
        body.replace("</body></html>", "").replace('\n', "")
    }

    #[test]
    fn full_lines_are_one_paragraph_and_short_ones_are_lists() {
        assert_eq!(
            markup(&[
                (
                    50.0,
                    700.0,
                    10.0,
                    "Le responsable du traitement conserve vos"
                ),
                (50.0, 688.0, 10.0, "données trois ans. <b>"),
                (50.0, 660.0, 10.0, "Toits du Val SAS"),
                (50.0, 648.0, 10.0, "Murs Exemple SARL"),
            ]),
            "<p>Le responsable du traitement conserve vos données trois ans. &lt;b&gt;</p>\
             <p>Toits du Val SAS</p><p>Murs Exemple SARL</p>"
        );
    }

    #[test]
    fn lines_of_like_length_are_a_list_where_none_goes_on() {
        assert_eq!(
            markup(&[
                (50.0, 700.0, 10.0, "Partenaire Exemple A SAS"),
                (50.0, 688.0, 10.0, "Partenaire Exemple B SAS"),
                (50.0, 676.0, 10.0, "Partenaire Exemple C SAS"),
                (50.0, 664.0, 10.0, "Partenaire Exemple D SARL"),
            ]),
            "<p>Partenaire Exemple A SAS</p><p>Partenaire Exemple B SAS</p>\
             <p>Partenaire Exemple C SAS</p><p>Partenaire Exemple D SARL</p>"
        );
        assert_eq!(
            markup(&[
                (
                    50.0,
                    700.0,
                    10.0,
                    "Nous transmettons vos données à la société"
                ),
                (
                    50.0,
                    688.0,
                    10.0,
                    "Exemple SAS, qui les conserve trois ans et"
                ),
                (
                    50.0,
                    676.0,
                    10.0,
                    "vous écrit. Elle ne les transmet à personne,"
                ),
                (50.0, 664.0, 10.0, "sauf la loi."),
            ]),
            "<p>Nous transmettons vos données à la société Exemple SAS, qui les conserve trois ans \
             et vous écrit. Elle ne les transmet à personne, sauf la loi.</p>"
        );
    }

    #[test]
    fn parted_words_bullets_rows_and_headings() {
        assert_eq!(
            markup(&[
                (50.0, 760.0, 16.0, "Partenaires"),
                (50.0, 700.0, 10.0, "Nous recueillons votre consente-"),
                (50.0, 688.0, 10.0, "ment ici."),
                (50.0, 660.0, 10.0, "• Toits du Val SAS"),
                (50.0, 640.0, 10.0, "•"),
                (90.0, 640.0, 10.0, "Murs Exemple SARL"),
                (50.0, 620.0, 10.0, "Chaleur SAS"),
                (180.0, 620.0, 10.0, "Lyon"),
                (50.0, 600.0, 10.0, "RCS :"),
                (180.0, 600.0, 10.0, "Lyon 000 000 018"),
            ]),
            "<h2>Partenaires</h2><p>Nous recueillons votre consentement ici.</p>\
             <ul><li>Toits du Val SAS</li><li>Murs Exemple SARL</li></ul>\
             <table><tr><td>Chaleur SAS</td><td>Lyon</td></tr></table>\
             <p>RCS : Lyon 000 000 018</p>"
        );
    }

    #[test]
    fn gaps_between_words_are_blanks_though_none_is_written() {
        assert_eq!(
            markup(&[
                (50.0, 700.0, 10.0, "Toits"),
                (78.0, 700.0, 10.0, "du"),
                (88.4, 700.0, 10.0, "Val"),
            ]),
            "<p>Toits duVal</p>"
        );
    }

    #[test]
    fn what_every_page_repeats_is_its_footer() {
        let mut layout = Layout::default();
        for page in 1..=3 {
            let mut marks = Vec::new();
            line(
                &mut marks,
                50.0,
                700.0,
                10.0,
                &format!("Texte {page} de la page {}", "x".repeat(page)),
            );
            line(
                &mut marks,
                50.0,
                30.0,
                10.0,
                &format!("Solaris Devis SAS, page {page}"),
            );
            layout.page(marks);
        }
        let markup = layout.markup(None);
        assert_eq!(markup.matches("<p>Solaris").count(), 1);
        assert!(
            markup.contains("<footer><p>Solaris Devis SAS, page 1</p>"),
            "{markup}"
        );
    }
}
