"""What comes inside a project and has a number of its own: events and private files (document 000, webhook samples)."""

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from portal.vendors.opensolar.records import Record
from portal.vendors.opensolar.values import Moment, Number, Reference, Text, Whole, YesNo

_LARGEST = 10**18


def without_links(record: Any) -> Any:
    """A project, or a file, without the addresses of file contents: they are secrets that die within the hour and are
    other ones in every answer, so that no two answers would ever be the same. Changes the record itself."""
    if not isinstance(record, dict):
        return record
    record.pop("file_contents", None)
    files = record.get("private_files_data")
    if isinstance(files, list):
        for file in files:
            if isinstance(file, dict):
                file.pop("file_contents", None)
    return record


def _display(who: Any) -> Any:
    return who.get("display") if isinstance(who, dict) else None


def _titles(tags: Any) -> list[str]:
    """The titles of a file's tags; whatever else stands there says nothing."""
    found = tags if isinstance(tags, list) else []
    titles = (tag.get("title") for tag in found if isinstance(tag, dict))
    return [title.strip() for title in titles if isinstance(title, str) and title.strip()]


def _size(value: Any) -> Any:
    """Bytes; a blank and what is no size at all are unknown."""
    return None if value in ("", None) or isinstance(value, bool) else value


class Event(Record):
    """An event, from its project (where references are numbers, `…_id`) or its own address (where they are URLs)."""

    project_ref: Reference = Field(default=None, alias="project")
    event_type_id: Whole = None
    title: Text = None
    notes: Text = None
    start: Moment = None
    end: Moment = None
    duration: Number = None
    is_complete: YesNo = None
    completion_date: Moment = None
    is_archived: YesNo = None
    task_status: Whole = None
    who: Annotated[Text, BeforeValidator(_display)] = None
    action_ref: Reference = Field(default=None, alias="action")
    contact_ref: Reference = Field(default=None, alias="contact")
    user_ref: Reference = Field(default=None, alias="user")
    created_date: Moment = None
    modified_date: Moment = None


class PrivateFile(Record):
    """A private file, from its project or its own address. `filesize` in bytes."""

    project_ref: Reference = Field(default=None, alias="project")
    title: Text = None
    filesize: Annotated[Annotated[int, Field(gt=-_LARGEST, lt=_LARGEST)] | None, BeforeValidator(_size)] = None
    tags: Annotated[list[str], BeforeValidator(_titles)] = Field(default=[], alias="file_tags_data")
    system_uuid: Text = None
    status: Text = None
    status_message: Text = None
    show_customer: YesNo = None
    temporary: YesNo = None
    user_ref: Reference = Field(default=None, alias="user")
    created_date: Moment = None
    modified_date: Moment = None
