//! Our reader and goldenscript's take the same texts for the same commands.

use proptest::prelude::*;

use crate::script::agrees_with_goldenscript;

fn check(text: &str) {
    if let Err(difference) = agrees_with_goldenscript(text) {
        panic!("{difference}");
    }
}

#[test]
fn odd_texts_are_read_alike() {
    for text in [
        "",
        "\n",
        "# only\n",
        "# only",
        "  \t",
        "---",
        "---\n",
        "a\n---\n",
        "a\n---",
        "a",
        "a\n",
        "a\n--- \n",
        "a\n---\n\nb\n---\n",
        "a\n---\nout\nout\n\nb\n---\nx",
        "a\n---\n> out\n> \n> out\n\nb\n---\n",
        "a\r\n---\r\nout\r\n\r\nb\r\n---\r\n",
        "a\rb\n---\n",
        "# a\rb\n---\n",
        "a #x\rb\n---\n",
        " a\n---\n",
        "\ta\n---\n",
        " [t] a\n---\n",
        "a b=1 b=2 c= d=\"\" \"e f\"=g\n---\n",
        "a =b\n---\n",
        "a b= c\n---\n",
        "a b==c\n---\n",
        "a=b\n---\n",
        "x: a\n---\n",
        "x:a b\n---\n",
        "x :a\n---\n",
        "x:\n---\n",
        "\"x y\": a\n---\n",
        "[t] a\n---\n",
        "[t]a\n---\n",
        "[t,u] a\n---\n",
        "[t u] a [v]\n---\n",
        "[t, u] a\n---\n",
        "[] a\n---\n",
        "[t a\n---\n",
        "[\"t t\"] a\n---\n",
        "a [t]\n---\n",
        "a[t]\n---\n",
        "a [t] b\n---\n",
        "a b [t] # c\n---\n",
        "[t] [u] a\n---\n",
        "! a\n---\n",
        "!a\n---\n",
        "x: [t] ! a b\n---\n",
        "! x: a\n---\n",
        "(a)\n---\n",
        "( a b )\n---\n",
        "(a\n---\n",
        "a)\n---\n",
        "(x: [t] !a b=c) # d\n---\n",
        "(a [t])\n---\n",
        "(a # b)\n---\n",
        "> a b: c\n---\n",
        ">a\\\nb\n---\n",
        "> a\\\\\n\n---\n",
        ">\n---\n",
        "> a\\",
        "x: [t] ! > a b\n---\n",
        "(> a\n---\n",
        "> a\rb\n---\n",
        "\"a b\"\n---\n",
        "'a' \"b\\\"c\" 'd\\'e'\n---\n",
        "a \"\"\"\n---\n",
        "a \"b\"\"c\"\n---\n",
        "a \"b\nc\" d\n---\n",
        "a \"b\nc\nd\n---\n",
        "\"p\nq\": a\n---\n",
        "a \"\\x41\\x+f\\xé1\"\n---\n",
        "a \"\\x+f\\x7F\\xff\"\n---\n",
        "a \"\\x4\"\n---\n",
        "a \"\\u{41}\\u{1F600}\"\n---\n",
        "a \"\\u{d800}\"\n---\n",
        "a \"\\u{1234567}\"\n---\n",
        "a \"\\u{}\"\n---\n",
        "a \"\\0\\n\\r\\t\\\\\"\n---\n",
        "a \"\\q\"\n---\n",
        "a é\n---\n",
        "é\n---\n",
        "a \"é\" 'ü'=\"ö\"\n---\n",
        "a//b\n---\n",
        "a //b\n---\n",
        "a #b\n---\n",
        "a#b\n---\n",
        "a /b\n---\n",
        "a -b\n---\n",
        "a b-c.d/e@f\n---\n",
        "_ _a\n---\n",
        "1 2\n---\n",
        "a b:c\n---\n",
        "a\n\n# c\n// d\n  # e\nb\n---\n\n# f\n",
        "a\n---\n\n# f\n---\n",
        "a\n---\n\n\n\nb\n---\n",
        "set gw1 event_hub.poll_interval=1s\n---\n",
        "fault \"gw1 sync http.x #2\" lose\n---\nok\n",
        "a\n----\n",
        "[12s] delete petstore\n---\n",
        "\u{feff}a\n---\n",
        "a\u{a0}b\n---\n",
        "a\u{b}b\n---\n",
        "\"\": a\n---\n",
        "\"\" a\n---\n",
        "a '' ''=''\n---\n",
    ] {
        check(text);
    }
}

/// Pieces that lie on both sides of every decision of the grammar.
fn piece() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec![
        "a",
        "b-c",
        "x:",
        " ",
        " ",
        "\t",
        "\n",
        "\n",
        "---",
        "\n---\n",
        "\n---\nout\n\n",
        "\"",
        "'",
        "\"q r\"",
        "\\",
        "[",
        "]",
        "[t]",
        "[t u]",
        ",",
        "(",
        ")",
        "!",
        ">",
        "#",
        "//",
        "/",
        "=",
        "k=v",
        "k=",
        "\r",
        "\r\n",
        "é",
        "\\x41",
        "\\u{41}",
        "\\n",
        "_",
        "@",
        ".",
        "-",
        "0",
    ])
}

/// A line that is mostly well formed.
fn line() -> impl Strategy<Value = String> {
    let word = || prop::sample::select(vec!["a", "b-c", "\"q r\"", "'\\x41'", "\"\"", "12s", "\"l\nm\""]);
    let open = prop::sample::select(vec!["", "", "", "", "( "]);
    let dress = prop::sample::select(vec![
        "", "", "", "x: ", "y:", "'z': ", "[t] ", " [t,u] ", "! ", "x: [t]! ", "> ",
    ]);
    let argument = (word(), prop::sample::select(vec!["", "", "=", "=v", "='w x'"]));
    let close =
        prop::sample::select(vec!["", "", "", ")", " [t]", " # c", "// c", " \t", "\r", "\n---\no\n"]);
    let arguments = prop::collection::vec(argument, 0..3);
    (open, dress, word(), arguments, close).prop_map(|(open, dress, name, arguments, close)| {
        let arguments: String = arguments.iter().map(|(word, value)| format!(" {word}{value}")).collect();
        format!("{open}{dress}{name}{arguments}{close}")
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text_is_read_alike(pieces in prop::collection::vec(piece(), 0..10)) {
        let text = pieces.concat();
        for text in [format!("{text}\n---\n"), format!("a {text}\n---\n"), text] {
            prop_assert_eq!(agrees_with_goldenscript(&text), Ok(()));
        }
    }

    #[test]
    fn any_script_is_read_alike(lines in prop::collection::vec(line(), 0..4)) {
        let text = format!("{}\n---\n", lines.join("\n"));
        prop_assert_eq!(agrees_with_goldenscript(&text), Ok(()));
    }
}
