"""What a platform allows, and what of ours can never be made to fit into it.

Lengths are counted in code points, as platforms count them. What can only be our mistake raises an error:
two inputs of one name, inputs with nothing to send them, a state that is too long.
"""

from __future__ import annotations

from dataclasses import dataclass

from handlers.screens import Block, Buttons, ChoiceInput, Choose, Form, Input, ScaleInput, Screen


@dataclass(frozen=True)
class Limits:
    """What one platform allows: texts in code points, counts, and whole screens in what `size` measures."""

    card_blocks: int
    form_blocks: int
    home_blocks: int
    card_size: int
    view_size: int
    text: int
    heading: int
    form_title: int
    form_button: int
    form_state: int
    name: int
    button: int
    button_state: int
    button_describes: int
    buttons: int
    choose: int
    confirm_title: int
    confirm_text: int
    confirm_button: int
    label: int
    hint: int
    placeholder: int
    typed: int
    options: int
    scale: int
    option_label: int
    option_note: int
    option_key: int
    rows: int


def check(screen: Screen, limits: Limits) -> None:
    """Raise ValueError, naming what is wrong, for a screen that is a mistake of ours."""
    if isinstance(screen, Form):
        _check_reference("form", screen.does, screen.state, limits.name, limits.form_state)
        _check_inputs(screen, limits)
    for block in screen.body:
        for button in block.buttons if isinstance(block, Buttons) else ():
            _check_reference("button", button.does, button.state, limits.name, limits.button_state)
        if isinstance(block, Choose):
            _check_choose(block, limits)


def _check_inputs(form: Form, limits: Limits) -> None:
    inputs = [part for part in form.body if not isinstance(part, Block)]
    names = [field.name for field in inputs]
    if len(set(names)) < len(names):
        raise ValueError("Two inputs of this form have the same name.")
    if not all(0 < len(name) <= limits.name for name in names):
        raise ValueError("The name of an input is empty or too long.")
    if inputs and not form.submit:
        raise ValueError("This form has inputs and nothing to send them.")
    for field in inputs:
        _check_options(field, limits)


def _check_reference(kind: str, does: str, state: str, most_name: int, most_state: int) -> None:
    if not 0 < len(does) <= most_name:
        raise ValueError(f"The name of a {kind} is empty or too long.")
    if len(state) > most_state:
        raise ValueError(f"The {kind} {does!r} carries too much state.")


def _check_choose(block: Choose, limits: Limits) -> None:
    if not 0 < len(block.options) <= limits.choose:
        raise ValueError(f"The choice {block.does!r} has no options or too many.")
    for option in block.options:
        _check_reference("choice", block.does, option.key, limits.name, limits.option_key)


def _check_options(field: Input, limits: Limits) -> None:
    if isinstance(field, ScaleInput) and not 0 <= field.high - field.low < limits.scale:
        raise ValueError(f"The scale {field.name!r} has no numbers or too many.")
    if isinstance(field, ChoiceInput):
        if not field.options:
            raise ValueError(f"The choice {field.name!r} has no options.")
        if not all(0 < len(option.key) <= limits.option_key for option in field.options):
            raise ValueError(f"An option of {field.name!r} has a key that is empty or too long.")
