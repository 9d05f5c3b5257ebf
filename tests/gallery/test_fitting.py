"""A screen that is too long gets shorter words first, then fewer blocks, and never loses what a person needs."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.slack import cards
from bot.slack.limits import SLACK
from handlers import plain
from handlers.fitting import fit
from handlers.screens import (
    Button,
    Buttons,
    Card,
    ChoiceInput,
    Facts,
    Form,
    Heading,
    Home,
    Input,
    Option,
    Para,
    ScaleInput,
    Screen,
    Small,
    TextInput,
    Words,
)
from handlers.shortening import shorten
from handlers.text import Mention, Plain, Strong, line


def fitted(screen: Screen) -> Screen:
    return fit(screen, SLACK, cards.size)


def form(*inputs: Input, **more: str) -> Form:
    return Form(does="checkin.send", title="Check-in", body=inputs, **more)


def test_a_long_text_ends_in_an_ellipsis_and_is_counted_in_code_points() -> None:
    assert shorten("Ana", 3) == "Ana"
    assert shorten("🙂🙂🙂🙂", 3) == "🙂🙂…"
    assert shorten("one two three", 5) == "one…"


def test_a_long_line_keeps_its_spans_as_far_as_they_fit() -> None:
    long = line("Thanks to ", Mention("U1", "Bo"), " ", Strong("very much " * 500), "and more")
    card = fitted(Card((Para(long),)))
    short = card.body[0].line
    assert short[:3] == long[:3]
    assert short[-1] == Plain("…")
    assert len(plain.line_text(short)) <= 3000


def test_a_home_with_too_many_items_says_how_many_are_missing() -> None:
    home = fitted(Home(tuple(Para(line(f"Item {number}")) for number in range(120))))
    assert len(home.body) == 100
    assert home.body[-2] == Para(line("Item 98"))
    assert home.body[-1] == Small(line("21 more are not shown here."))


def test_rows_of_facts_are_counted_one_by_one() -> None:
    facts = Facts(tuple((f"Member {number}", line("answered " * 10)) for number in range(200)))
    card = fitted(Card((Heading("Who answered"), facts)))
    shown = sum(len(block.rows) for block in card.body if isinstance(block, Facts))
    assert 0 < shown < 200
    assert card.body[-1] == Small(line(f"{200 - shown} more are not shown here."))


def test_a_long_message_keeps_its_only_buttons() -> None:
    answers = tuple(Words("It went well. " * 20) for _ in range(70))
    card = fitted(Card((*answers, Buttons((Button("Reply", "feedback.reply"),)))))
    assert isinstance(card.body[-1], Buttons)
    assert isinstance(card.body[-2], Small)
    assert cards.size(card) <= SLACK.card_size


def test_long_quotations_are_shortened_before_any_is_left_out() -> None:
    card = fitted(Card(tuple(Words("word " * 599) for _ in range(12))))
    assert [type(block) for block in card.body] == [Words] * 12


def test_a_form_never_loses_an_input() -> None:
    inputs = [TextInput(f"answer{number}", "Question?", value="🙂" * 3000, long=True) for number in range(20)]
    texts = [Para(line("word " * 500)) for _ in range(90)]
    short = fitted(Form(does="checkin.send", title="Check-in", body=(*texts, *inputs)))
    assert [part.name for part in short.body if isinstance(part, TextInput)] == [field.name for field in inputs]
    assert len(json.dumps(cards.modal(short))) <= SLACK.view_size


def test_a_draft_is_kept_whole_while_there_is_room() -> None:
    draft = TextInput("words", "What did you do?", value="слово " * 500)
    short = fitted(Form(does="checkin.send", title="Check-in", body=(*[Para(line("x" * 3000))] * 98, draft)))
    assert short.body[-1] == draft


def test_a_choice_with_too_many_options_keeps_what_was_chosen_and_says_so() -> None:
    options = tuple(Option(str(number), f"Team {number}") for number in range(12_000))
    short = fitted(form(ChoiceInput("team", "Team", options, value=("11999",), hint="Yours.")))
    choice = short.body[0]
    assert len(choice.options) == 2_000
    assert "11999" in {option.key for option in choice.options}
    assert choice.hint == "Yours. Only 2,000 of 12,000 can be shown here."
    assert cards.size(short) <= SLACK.view_size


def test_a_choice_of_some_hundreds_is_shown_whole_in_groups_that_say_from_where_to_where_they_go() -> None:
    options = tuple(Option(str(number), f"Team {number:03} of {'much ' * 12}") for number in range(250))
    drawn = cards.modal(form(ChoiceInput("team", "Team", options, value=("249",), many=True)))
    element = drawn["blocks"][0]["element"]
    groups = element["option_groups"]
    assert [len(group["options"]) for group in groups] == [100, 100, 50]
    label = groups[2]["label"]["text"]
    assert label == "Team 200 of much much much much mu… to Team 249 of much much much much mu…"
    assert element["initial_options"] == [groups[2]["options"][49]]


def test_a_choice_is_cut_before_a_draft_is() -> None:
    options = tuple(Option(str(number), f"Команда {number} {'ъ' * 60}") for number in range(1_500))
    draft = TextInput("words", "What did you do?", value="слово " * 500)
    short = fitted(form(ChoiceInput("team", "Team", options), draft))
    assert short.body[1] == draft
    assert len(short.body[0].options) == 200


def test_many_buttons_stand_in_several_rows() -> None:
    buttons = tuple(Button(str(number), "pick", state=str(number)) for number in range(30))
    card = fitted(Card((Buttons(buttons),)))
    assert [len(row.buttons) for row in card.body] == [25, 5]


def test_a_fitting_screen_is_not_touched() -> None:
    card = Card((Heading("Hello"), Para(line("Nothing to shorten."))), name="hello")
    assert fitted(card) == card


LONG_KEYS = tuple(Option(f"{number:0150}", "One") for number in range(100))
MISTAKES = {
    "same name": form(TextInput("a", "A"), TextInput("a", "B")),
    "input is empty": form(TextInput("", "A")),
    "nothing to send": form(TextInput("a", "A"), submit=""),
    "no options": form(ChoiceInput("a", "A", ())),
    "has a key": form(ChoiceInput("a", "A", (Option("k" * 151, "One"),))),
    "no numbers": form(ScaleInput("a", "A", low=5, high=1)),
    "or too many": form(ScaleInput("a", "A", low=0, high=200)),
    "form 'checkin.send' carries": form(TextInput("a", "A"), state="s" * 3001),
    "name of a form": replace(form(), does=""),
    "button 'go' carries": Card((Buttons((Button("Go", "go", state="s" * 2001),)),)),
    "name of a button": Card((Buttons((Button("Go", ""),)),)),
    "too many inputs": form(*(TextInput(f"a{number}", "A") for number in range(101))),
    "more than one screen": form(*(ChoiceInput(f"a{number}", "A", LONG_KEYS) for number in range(20))),
}


@pytest.mark.parametrize(("words", "mistake"), MISTAKES.items(), ids=MISTAKES)
def test_a_mistake_of_ours_is_an_error_that_says_which(words: str, mistake: Screen) -> None:
    with pytest.raises(ValueError, match=words):
        fitted(mistake)
