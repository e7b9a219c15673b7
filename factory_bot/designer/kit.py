"""The interview's kit: the message catalogue, and the templates as drafts to start from."""

from __future__ import annotations

from bot_templates.loader import Template, load_templates
from factory_bot.model.draft import Draft, FieldDraft, FormDraft, PollDraft
from factory_bot.model.interview import Kit
from factory_bot.model.questions import Starter, StarterQuestion
from factory_bot.model.saying import Texts


def load_kit(texts: Texts) -> Kit:
    """Everything an interview needs at hand.  Raises `TemplateFault` for a broken template."""
    return Kit(texts=texts, starters=tuple(starter_of(template) for template in load_templates()))


def starter_of(template: Template) -> Starter:
    """The template as the interview sees it."""
    return Starter(
        id=template.id,
        title=template.title,
        emoji=template.emoji,
        summary=template.summary,
        minutes=template.minutes,
        draft=_draft(template),
        questions={question.about: StarterQuestion(question.ask, question.example) for question in template.questions},
    )


def _draft(template: Template) -> Draft:
    start = template.start
    draft = Draft(
        template=template.reference, purpose=start.purpose, tone=start.tone, industry=start.industry or "general"
    )
    for form in start.forms:
        fields = tuple(FieldDraft(**field.model_dump()) for field in form.fields)
        draft = draft.adding(FormDraft(title=form.title, intro=form.intro, fields=fields))
    for poll in start.polls:
        draft = draft.adding(PollDraft(question=poll.question, options=poll.options, multiple=poll.multiple))
    return draft
