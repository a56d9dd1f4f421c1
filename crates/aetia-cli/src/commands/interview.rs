//! `aetia interview`: questions in the terminal, or answers read line by line.

mod keeping;
mod reply;

use std::io::{self, BufRead, IsTerminal as _, Write as _};
use std::path::Path;

use aetia::{
    Answer, AnswerValue, Assessment, Finding, Flag, FlagState, Indicator, IndicatorKind, Interview, Level,
    Question, Reach, StopReason, Who,
};

use super::counted;
use crate::arguments;
use crate::console::{BAD, Console, DOUBTFUL, FAINT, KEY, STRONG, Sink};
use crate::failure::{Failure, Verdict};
use crate::text::Base;
use keeping::Begun;
use reply::Reply;

/// Asks until a rule says stop, the person quits, or the answers end; then shows the ranking.
pub(crate) fn run(arguments: &arguments::Interview, console: &mut Console) -> Result<Verdict, Failure> {
    let base = Base::read(&arguments.knowledge_base)?;
    let model = base.model();
    let Begun { interview, dropped, known } = keeping::begin(&base, &model, arguments)?;
    let input = io::stdin();
    let is_typed = input.is_terminal();
    // Somebody who types must see the questions, wherever the result goes.
    let is_apart = arguments.json || (is_typed && !console.results.is_terminal());
    let Console { results, errors } = console;
    let mut talk = Talk {
        interview,
        sink: if is_apart { &mut *errors } else { &mut *results },
        lines: Box::new(input.lock()),
        line: 0,
        known,
        is_typed,
        file: arguments.save.as_deref(),
    };
    talk.save()?;
    talk.greet(arguments.resume.as_deref())?;
    for dropped in &dropped {
        talk.sink.paragraph(
            &format!("not taken over: `{}`: {}", dropped.indicator(), dropped.reason()),
            "",
            "  ",
        )?;
    }
    let end = talk.ask_all()?;
    talk.part(&end)?;
    let assessment = talk.interview.assessment();
    if arguments.json {
        writeln!(results, "{}", assessment.to_json())?;
    } else {
        let columns = results.columns();
        write!(results, "{assessment:columns$}")?;
    }
    Ok(Verdict::Fine)
}

/// How a conversation ended.
enum End {
    /// By a rule.
    Stopped(StopReason),
    /// The person had enough.
    Quit,
    /// There were no more lines to read.
    OutOfAnswers,
}

/// A conversation on its way.
struct Talk<'t> {
    interview: Interview,
    sink: &'t mut Sink,
    lines: Box<dyn BufRead>,
    /// How many lines were read.
    line: usize,
    /// How many answers a case gave before.
    known: usize,
    is_typed: bool,
    file: Option<&'t Path>,
}

/// What follows a line.
enum Next {
    /// The next question.
    Question,
    /// The same one once more.
    Again,
    /// The end.
    End(End),
}

impl Talk<'_> {
    /// What this is about, and what can be typed.
    fn greet(&mut self, resumed: Option<&Path>) -> Result<(), Failure> {
        let assessment = self.interview.assessment();
        let kb = self.interview.model().knowledge_base();
        self.sink.paragraph(&format!("{STRONG}{}{STRONG:#}", kb.title()), "", "  ")?;
        writeln!(self.sink, "{} · {} {}", assessment.setting().title(), kb.id(), kb.version())?;
        writeln!(self.sink)?;
        self.sink.paragraph(assessment.notice(), "", "")?;
        let left_out = self.interview.progress().left_out;
        if self.interview.ask().who == Who::Oneself && left_out > 0 {
            let questions = if left_out == 1 { "question is" } else { "questions are" };
            let text = format!(
                "{left_out} {questions} left out, because an examination or a laboratory must answer."
            );
            self.sink.paragraph(&text, "", "")?;
        }
        if let Some(file) = resumed {
            writeln!(self.sink)?;
            writeln!(self.sink, "Taken up from {}:", file.display())?;
            self.list()?;
        }
        self.warn(&[])?;
        writeln!(self.sink)?;
        self.help()
    }

    fn help(&mut self) -> Result<(), Failure> {
        let key = |key: &str, meaning: &str| format!("{KEY}{key}{KEY:#} {meaning}");
        let keys = [
            key("s", "skip"),
            key("c", "cannot be found out"),
            key("b", "back"),
            key("w", "what each answer would do"),
            key("r", "ranking so far"),
            key("l", "list of answers"),
            key("q", "quit"),
            key("?", "this line"),
        ];
        self.sink.paragraph(&format!("Answer, or type {}.", keys.join(", ")), "", "  ")?;
        Ok(())
    }

    fn ask_all(&mut self) -> Result<End, Failure> {
        loop {
            if let Some(reason) = self.interview.stop_reason() {
                return Ok(End::Stopped(reason));
            }
            let Some(question) = self.interview.next() else {
                return Ok(End::Stopped(StopReason::NothingLeft));
            };
            self.show(&question)?;
            loop {
                match self.turn(&question)? {
                    Next::Question => break,
                    Next::Again => {}
                    Next::End(end) => return Ok(end),
                }
            }
        }
    }

    /// The question, why it is asked, and its answers.
    fn show(&mut self, question: &Question) -> Result<(), Failure> {
        let indicator = question.indicator();
        let number = (self.interview.answers().len() + 1).saturating_sub(self.known).max(1);
        writeln!(self.sink)?;
        self.sink.paragraph(&format!("{STRONG}{number}. {}{STRONG:#}", question.text()), "", "   ")?;
        if let Some(help) = indicator.help() {
            self.sink.paragraph(help, "   ", "   ")?;
        }
        self.sink.paragraph(&format!("{FAINT}{}{FAINT:#}", question.sentence()), "   ", "   ")?;
        match indicator.kind() {
            IndicatorKind::Categorical | IndicatorKind::Ordinal => {
                for (number, answer) in (1..).zip(indicator.answers()) {
                    self.sink.paragraph(
                        answer.title(),
                        &format!("   {KEY}{number:>2}{KEY:#}  "),
                        "       ",
                    )?;
                }
            }
            IndicatorKind::Boolean | IndicatorKind::Numeric => {}
        }
        Ok(())
    }

    /// One line, and what comes of it.
    fn turn(&mut self, question: &Question) -> Result<Next, Failure> {
        let Some(line) = self.read(&reply::prompt(question.indicator()))? else {
            return Ok(Next::End(End::OutOfAnswers));
        };
        match Reply::read(&line) {
            Reply::Answer { other, text } => self.take(question, other.as_deref(), &text),
            Reply::Back => self.back(),
            Reply::Why => self.outlook(question).map(|()| Next::Again),
            Reply::Ranking => {
                let columns = self.sink.columns();
                writeln!(self.sink, "\n{:columns$}", self.interview.assessment())?;
                Ok(Next::Again)
            }
            Reply::List => self.list().map(|()| Next::Again),
            Reply::Help => self.help().map(|()| Next::Again),
            Reply::Nothing => {
                self.refuse("nothing was typed; s skips the question, ? says what can be typed")
            }
            Reply::Quit => Ok(Next::End(End::Quit)),
        }
    }

    /// A line, after a prompt; none where there are no more. A line that was not typed is shown.
    fn read(&mut self, prompt: &str) -> Result<Option<String>, Failure> {
        write!(self.sink, "   {prompt} > ")?;
        self.sink.flush()?;
        let line = self.next_line()?.filter(|_| !self.sink.is_closed());
        match &line {
            None => writeln!(self.sink)?,
            Some(line) if !self.is_typed => writeln!(self.sink, "{}", line.trim().escape_debug())?,
            Some(_) => {}
        }
        Ok(line)
    }

    /// A line as it was typed; of a script, the next that is neither empty nor a comment.
    fn next_line(&mut self) -> Result<Option<String>, Failure> {
        loop {
            let mut line = String::new();
            let read = self.lines.read_line(&mut line);
            let read = read.map_err(|error| Failure::new(format!("the answers cannot be read: {error}")))?;
            if read == 0 {
                return Ok(None);
            }
            self.line += 1;
            let is_said = !line.trim().is_empty() && !line.trim_start().starts_with('#');
            if self.is_typed || is_said {
                return Ok(Some(line));
            }
        }
    }

    /// Takes an answer, to the question asked or to any other.
    fn take(&mut self, question: &Question, other: Option<&str>, text: &str) -> Result<Next, Failure> {
        let kb = self.interview.model().knowledge_base().clone();
        let id = other.unwrap_or_else(|| question.indicator().id().as_str());
        let answer = match kb.indicator(id) {
            Some(indicator) => reply::answer(indicator, text),
            // The library names what may be meant.
            None => Ok(AnswerValue::Named("unknown".to_owned())),
        };
        let before = self.interview.assessment();
        let taken =
            answer.and_then(|answer| self.interview.answer(id, &answer).map_err(|error| error.to_string()));
        if let Err(refusal) = taken {
            return self.refuse(&refusal);
        }
        for (indicator, finding) in self.interview.case().findings() {
            let is_new = before.case().finding(indicator.id().as_str()) == Some(Finding::Unknown);
            if let Finding::Answer { answer, inferred: true, .. } = finding
                && is_new
            {
                let text = format!("It follows: {}: {}.", indicator.title(), title_of(indicator, answer));
                self.sink.paragraph(&text, "   ", "   ")?;
            }
        }
        self.warn(&raised(&before))?;
        self.save()?;
        Ok(Next::Question)
    }

    /// Says at once what was raised and what to do about it; nobody should have to wait for the end.
    fn warn(&mut self, before: &[Raised]) -> Result<(), Failure> {
        for flag in raised(&self.interview.assessment()).iter().filter(|flag| !before.contains(flag)) {
            let (style, level) = match flag.level {
                Level::Emergency => (BAD, "EMERGENCY"),
                Level::Urgent => (DOUBTFUL, "URGENT"),
                Level::Routine => (STRONG, "routine"),
            };
            let text = format!("{style}! {level}: {}.{style:#} {}", flag.title, flag.action);
            self.sink.paragraph(&text, "   ", "     ")?;
        }
        Ok(())
    }

    /// Says why a line cannot be taken. Who types is asked again; a script has gone astray, and what follows would answer
    /// other questions than it was written for.
    fn refuse(&mut self, why: &str) -> Result<Next, Failure> {
        if !self.is_typed {
            return Err(Failure::new(format!("line {} of the answers: {why}", self.line)));
        }
        self.sink.paragraph(&format!("{BAD}Not taken{BAD:#}: {why}."), "   ", "   ")?;
        Ok(Next::Again)
    }

    fn back(&mut self) -> Result<Next, Failure> {
        match self.interview.back() {
            None => self.refuse("there is no answer to take back"),
            Some((indicator, _)) => {
                let kb = self.interview.model().knowledge_base();
                let title = kb.indicator(indicator.as_str()).map_or(indicator.as_str(), Indicator::title);
                self.sink.paragraph(&format!("Taken back: {title}."), "   ", "   ")?;
                self.save()?;
                Ok(Next::Question)
            }
        }
    }

    /// The answers so far, in the order they were given.
    fn list(&mut self) -> Result<(), Failure> {
        let kb = self.interview.model().knowledge_base();
        if self.interview.answers().is_empty() {
            writeln!(self.sink, "   No answers yet.")?;
        }
        for (number, (id, value)) in (1..).zip(self.interview.answers()) {
            let text = match kb.indicator(id.as_str()) {
                Some(indicator) => format!("{}: {}", indicator.title(), in_words(indicator, value)),
                None => id.to_string(),
            };
            self.sink.paragraph(&text, &format!("   {number:>2}. "), "       ")?;
        }
        Ok(())
    }

    /// How probable each answer is, and what would come of it.
    fn outlook(&mut self, question: &Question) -> Result<(), Failure> {
        let indicator = question.indicator();
        let outlooks = question.forecast().map(aetia::Forecast::outlooks).unwrap_or_default();
        // Yes comes before no.
        let mut answers: Vec<&Answer> = indicator.answers().iter().collect();
        if indicator.kind() == IndicatorKind::Boolean {
            answers.reverse();
        }
        for answer in answers {
            let expected = outlooks.iter().find(|outlook| outlook.answer().key() == answer.key());
            let expected = expected.map(|outlook| format!(" ({:.0} %)", 100.0 * outlook.probability()));
            let text = format!(
                "{}{}: {}",
                title_of(indicator, answer),
                expected.unwrap_or_default(),
                self.consequence(indicator, answer)
            );
            self.sink.paragraph(&text, "   ", "     ")?;
        }
        if outlooks.is_empty() {
            writeln!(self.sink, "   How often each answer is given is not known.")?;
        }
        Ok(())
    }

    /// What an answer would do to the ranking and the flags. A bin is tried at its lower end.
    fn consequence(&self, indicator: &Indicator, answer: &Answer) -> String {
        let mut after = self.interview.clone();
        let value = indicator.example(answer.key());
        let taken = value.map(|value| after.answer(indicator.id().as_str(), &value));
        if let Some(Err(error)) = taken {
            return format!("is no possible answer: {error}");
        }
        let assessment = after.assessment();
        let first = assessment.first();
        let mut parts = vec![match first.posterior() {
            Some(posterior) => format!("{} first, at {posterior}", first.title()),
            None => format!("{} first", first.title()),
        }];
        let before = raised(&self.interview.assessment());
        let new = raised(&assessment).into_iter().filter(|flag| !before.contains(flag));
        parts.extend(new.map(|flag| format!("raises \"{}\"", flag.title)));
        parts.join("; ")
    }

    fn save(&self) -> Result<(), Failure> {
        self.file.map_or(Ok(()), |file| keeping::write(&self.interview, file))
    }

    /// Why it ended, how far it came, and what was left out.
    fn part(&mut self, end: &End) -> Result<(), Failure> {
        let progress = self.interview.progress();
        let text = match end {
            End::Stopped(StopReason::Settled(reach)) if progress.left_out > 0 => {
                settled_for_oneself(*reach).to_owned()
            }
            End::Stopped(StopReason::QuestionLimit(limit)) => {
                let limit = counted(limit.saturating_sub(self.known), "question", "questions");
                format!("The limit of {limit} is reached.")
            }
            End::Stopped(reason) => reason.sentence(),
            End::Quit => "You quit: this is the ranking so far.".to_owned(),
            End::OutOfAnswers => "The answers ended: this is the ranking so far.".to_owned(),
        };
        writeln!(self.sink)?;
        self.sink.paragraph(&format!("{STRONG}{text}{STRONG:#}"), "", "  ")?;
        let text = format!(
            "{}, {} without an answer, {} followed; {} may still be asked.",
            counted(progress.answered, "answer", "answers"),
            counted(progress.asked - progress.answered, "question", "questions"),
            counted(progress.inferred, "finding", "findings"),
            counted(progress.left, "question", "questions"),
        );
        self.sink.paragraph(&text, "", "  ")?;
        let left_out = self.interview.assessment().left_out(self.interview.ask());
        if !left_out.is_empty() {
            let titles: Vec<&str> = left_out.iter().map(|question| question.indicator().title()).collect();
            let text = format!(
                "Left out, because an examination or a laboratory must answer: {}.",
                titles.join("; ")
            );
            self.sink.paragraph(&text, "", "  ")?;
        }
        if let Some(file) = self.file {
            let name = file.display();
            self.sink.paragraph(&format!("Saved in {name}; --resume {name} takes it up again."), "", "  ")?;
        }
        writeln!(self.sink)?;
        Ok(())
    }
}

/// What is settled among the questions that this person can answer.
fn settled_for_oneself(reach: Reach) -> &'static str {
    match reach {
        Reach::First => "No further answers of yours can change which cause is first.",
        Reach::FirstAndFlags => {
            "No further answers of yours can change which cause is first, or raise a flag."
        }
    }
}

/// An answer as a person gave it.
fn in_words(indicator: &Indicator, value: &AnswerValue) -> String {
    let title = |key: &str| indicator.answers().iter().find(|answer| answer.key() == key).map(Answer::title);
    match value {
        AnswerValue::Boolean(is_present) => yes_or_no(*is_present).to_owned(),
        AnswerValue::Number(number) => match indicator.unit() {
            Some(unit) => format!("{number} {unit}"),
            None => number.to_string(),
        },
        AnswerValue::Named(word) => match word.as_str() {
            "unknown" => "skipped".to_owned(),
            "not_assessable" => "cannot be found out".to_owned(),
            key => title(key).unwrap_or(key).to_owned(),
        },
    }
}

/// What an answer is called in a conversation.
fn title_of<'a>(indicator: &Indicator, answer: &'a Answer) -> &'a str {
    match indicator.kind() {
        IndicatorKind::Boolean => yes_or_no(answer.key() == "present"),
        IndicatorKind::Categorical | IndicatorKind::Ordinal | IndicatorKind::Numeric => answer.title(),
    }
}

fn yes_or_no(is_present: bool) -> &'static str {
    if is_present { "yes" } else { "no" }
}

/// A flag that is raised: how soon it wants attention, what it is, and what to do.
#[derive(Clone, Debug, PartialEq)]
struct Raised {
    level: Level,
    title: String,
    action: String,
}

/// The flags that are raised, emergencies first.
fn raised(assessment: &Assessment) -> Vec<Raised> {
    let raised = assessment.flags().filter(|report| report.state == FlagState::Raised);
    let shown = |flag: &Flag| Raised {
        level: flag.level(),
        title: flag.title().to_owned(),
        action: flag.action().to_owned(),
    };
    raised.map(|report| shown(report.flag)).collect()
}
