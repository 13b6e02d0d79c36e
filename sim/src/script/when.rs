//! `when "ADDRESS" COMMAND ...`: a command that is carried out when a crossing is reached.
//!
//! To the grammar it is a command called `when`; to everybody else it is the command behind the address, which
//! begins then.

use super::error::Mistake;
use super::reader::Command;

/// The command that is meant.
pub(super) fn unfold(command: Command) -> Result<Command, Mistake> {
    if command.name.text != "when" {
        return Ok(command);
    }
    let usage =
        "expected `when \"ADDRESS\" COMMAND...`, such as: when \"gw1 sync http.fetch-batch\" delete petstore";
    let Command { arguments, end, .. } = command;
    let mut arguments = arguments.into_iter();
    let address =
        arguments.next().ok_or_else(|| Mistake::at(end, format!("the address is missing; {usage}")))?;
    let name =
        arguments.next().ok_or_else(|| Mistake::at(end, format!("the command is missing; {usage}")))?;
    for word in [&address, &name] {
        if let Some(key) = &word.key {
            return Err(Mistake::at(key.at, format!("'{}=' stands in a wrong place; {usage}", key.text)));
        }
    }
    let (when, name) = (Some(address.value), name.value);
    Ok(Command { name, arguments: arguments.collect(), when, end, ..command })
}
