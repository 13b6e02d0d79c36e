//! `driftless diff`: where two runs part, what led there, and how much came of it.
//!
//! Each of the two is a script that is run, or a recorded history that is read.

mod against;
mod json;
mod operand;
mod said;
mod text;

use crate::outcome::Unrunnable;
use crate::parting::{self, Bite, Parting};
use crate::recording::Recording;

use super::{Exit, args, load};
use operand::Operand;

/// Two runs, and what was found of them.
struct Compared {
    a: Operand,
    b: Operand,
    parting: Option<Parting>,
    bite: Bite,
}

/// Compares two runs.
///
/// # Errors
/// When a script or an argument is wrong, or a recorded history is damaged.
pub fn diff(args: &args::Diff) -> Result<Exit, Unrunnable> {
    let (a, b) = operands(args)?;
    let parting = parting::first(a.side(), b.side());
    let bite = parting::weigh((a.side(), a.ending()), (b.side(), b.ending()));
    let compared = Compared { a, b, parting, bite };
    if args.json {
        say!("{:#}", json::of(&compared));
    } else {
        say!("{}", text::of(&compared).trim_end());
    }
    Ok(if compared.bite == Bite::Nothing { Exit::Good } else { Exit::Bad })
}

fn operands(args: &args::Diff) -> Result<(Operand, Operand), Unrunnable> {
    let changed = !args.changes.as_options().is_empty();
    let recorded =
        [Some(&args.a), args.b.as_ref()].into_iter().flatten().find(|p| Recording::is_called_so(p));
    if let Some(recorded) = recorded.filter(|_| changed) {
        let (options, name) = (args.changes.as_options(), recorded.display());
        return Err(Unrunnable(format!("{name} is a recorded history, which{options} can't change")));
    }
    if let Some(b) = &args.b {
        return Ok((Operand::of(&args.a, &args.changes)?, Operand::of(b, &args.changes)?));
    }
    if args.against.is_empty() && !args.without_faults {
        let a = args.a.display();
        let why = format!(
            "{a}: with what? Expected a second script or history, --against WHAT, or --without-faults"
        );
        return Err(Unrunnable(why));
    }
    if Recording::is_called_so(&args.a) {
        let why = "is a recorded history; --against and --without-faults change a script";
        return Err(Unrunnable(format!("{} {why}", args.a.display())));
    }
    let script = load::script(&args.a)?;
    let a = load::plan(&script, &args.changes)?;
    let changes = against::changes(&args.changes, &args.against, &script.script.plan)?;
    let mut b = load::plan(&script, &changes)?;
    let mut name = format!("{}{}", script.name, changes.as_options());
    if args.without_faults {
        b.faults.clear();
        name.push_str(", without its faults");
    }
    let first = format!("{}{}", script.name, args.changes.as_options());
    Ok((Operand::run(first, a)?, Operand::run(name, b)?))
}
