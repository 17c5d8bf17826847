"""What a change of the organisation is answered with."""

from __future__ import annotations

from fastapi import Response
from pydantic import BaseModel, Field

from service.domain.organisation_change import ChangeAction, RowChange
from service.usecases.administration.organisation import Saved
from service.web.dependencies import version_tag


class FieldChangeOut(BaseModel):
    """一栏的更改。"""

    field: str = Field(description="栏名", examples=["召集人"])
    before: str
    after: str


class RowChangeOut(BaseModel):
    """一行的更改。"""

    sheet: str = Field(description="表名", examples=["工作室"])
    code: str = Field(description="编号")
    name: str
    action: ChangeAction
    fields: list[FieldChangeOut]

    @classmethod
    def of(cls, row: RowChange) -> RowChangeOut:
        """A change as the API gives it."""
        return cls(
            sheet=row.sheet,
            code=row.code,
            name=row.name,
            action=row.action,
            fields=[
                FieldChangeOut(field=field, before=before, after=after)
                for field, before, after in row.fields
            ],
        )


class SavedOut(BaseModel):
    """更改之后的版本、改了什么、请留意什么。"""

    version: int = Field(description="现行版本，也在 ETag 中")
    changes: list[RowChangeOut]
    warnings: list[str] = Field(description="不妨碍保存、但请看一看的")


def tell_saved(saved: Saved, response: Response) -> SavedOut:
    """The answer to a change, with its version as ETag."""
    response.headers.update(version_tag(saved.version))
    return SavedOut(
        version=saved.version,
        changes=[RowChangeOut.of(row) for row in saved.changes],
        warnings=list(saved.warnings),
    )
