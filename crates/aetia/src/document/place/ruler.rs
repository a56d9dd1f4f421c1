//! Turns byte offsets of a text into lines and columns.

/// Measures a text from the front; offsets asked for in ascending order cost one pass together.
#[derive(Debug)]
pub(crate) struct Ruler<'a> {
    text: &'a str,
    offset: usize,
    line: u32,
    column: u32,
}

impl<'a> Ruler<'a> {
    /// A ruler laid at the beginning of a text.
    pub(crate) fn new(text: &'a str) -> Self {
        Self { text, offset: 0, line: 1, column: 1 }
    }

    /// Line and column, both from 1 and the column in characters, of a byte offset.
    pub(crate) fn at(&mut self, offset: usize) -> (u32, u32) {
        if offset < self.offset {
            *self = Self::new(self.text);
        }
        let rest = self.text.get(self.offset..).unwrap_or_default();
        for (at, character) in rest.char_indices() {
            if self.offset + at >= offset {
                break;
            }
            if character == '\n' {
                self.line = self.line.saturating_add(1);
                self.column = 1;
            } else {
                self.column = self.column.saturating_add(1);
            }
        }
        self.offset = offset.max(self.offset);
        while !self.text.is_char_boundary(self.offset) && self.offset < self.text.len() {
            self.offset += 1;
        }
        (self.line, self.column)
    }

    /// The same for a line and a column that `serde_json` counted in bytes.
    pub(crate) fn characters(text: &str, line: usize, column: usize) -> (u32, u32) {
        let before = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum::<usize>();
        Ruler::new(text).at((before + column.saturating_sub(1)).min(text.len()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_characters() {
        let text = "a = 1\nß = 2\r\n€x";
        let mut ruler = Ruler::new(text);
        assert_eq!(ruler.at(0), (1, 1));
        assert_eq!(ruler.at(4), (1, 5));
        assert_eq!(ruler.at(6), (2, 1));
        assert_eq!(ruler.at(8), (2, 2));
        assert_eq!(ruler.at(7), (2, 2));
        assert_eq!(ruler.at(text.len()), (3, 3));
        assert_eq!(ruler.at(1_000), (3, 3));
        assert_eq!(ruler.at(0), (1, 1));
    }

    #[test]
    fn bytes_become_characters() {
        assert_eq!(Ruler::characters("ä\nää!", 2, 5), (2, 3));
        assert_eq!(Ruler::characters("", 1, 0), (1, 1));
        assert_eq!(Ruler::characters("x", 9, 9), (1, 2));
    }
}
