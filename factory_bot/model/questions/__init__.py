"""The questions of an interview, one object per step: how it is asked, and what an answer does to the draft."""

from factory_bot.model.questions.base import Asked, Heard, Kit, Question, Rejected, Starter, StarterQuestion
from factory_bot.model.questions.command import Command
from factory_bot.model.questions.form import FieldOptions, FormFields, FormTitle
from factory_bot.model.questions.opening import Features, Purpose, Start
from factory_bot.model.questions.person import Name, Personality
from factory_bot.model.questions.poll import PollChoice, PollClosing, PollOptions, PollQuestion
from factory_bot.model.questions.review import Feature, Review
from factory_bot.model.steps import Step

QUESTIONS: dict[Step, Question] = {
    Step.START: Start(),
    Step.PURPOSE: Purpose(),
    Step.FEATURES: Features(),
    Step.FORM_TITLE: FormTitle(),
    Step.FORM_FIELDS: FormFields(),
    Step.FIELD_OPTIONS: FieldOptions(),
    Step.POLL_QUESTION: PollQuestion(),
    Step.POLL_OPTIONS: PollOptions(),
    Step.POLL_CHOICE: PollChoice(),
    Step.POLL_CLOSING: PollClosing(),
    Step.COMMAND: Command(),
    Step.PERSONALITY: Personality(),
    Step.NAME: Name(),
    Step.FEATURE: Feature(),
    Step.REVIEW: Review(),
}

__all__ = ["QUESTIONS", "Asked", "Heard", "Kit", "Question", "Rejected", "Starter", "StarterQuestion"]
