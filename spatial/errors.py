"""Every error raised on purpose, as one tree.

``SpatialError`` is the base: ``cli`` turns it into one clear line and exit code 1.

    SpatialError
     +- SettingsError            a setting or option cannot be used
     +- SourceError              a source file cannot be read as what it claims to be
     |   +- SchemaError          columns or types differ from the declared table
     |   +- CrsError             coordinates are in another reference system
     |   +- GeometryError        a shape is missing, empty or beyond repair
     |   +- ValueParseError      a cell holds something that is neither number nor sign
     |   +- FetchError           a source gives no answer, or one against its own rules
     |       +- NotThereError        the source says that it has no such thing
     |       +- SourceChangedError   the source has changed since it was fetched
     +- DuplicateKeyError        one key, more than one row
     +- UnknownRegionError       a code that the indeling does not have
     +- UnknownMemberError       a group, kenmerk, measure or indicator that is not in the catalogue
     +- RegisterError            the register of redivisions contradicts a set of codes
     +- StoreError               no snapshot, or one that does not hold what its manifest says
     +- CheckFailedError         what was built or is stored does not hold what it promises
     +- PreviewError             a map cannot be drawn as asked
     +- ExportError              another system cannot take what an export gives it
     +- QueryError               a request asks for something that the service does not allow
         +- SelectionTooLargeError   a file of this selection would be larger than allowed
         +- QuestionError            an input of a question to ``compute`` cannot be answered
"""


class SpatialError(Exception):
    """Base of every error that this project raises on purpose."""


class SettingsError(SpatialError):
    """A setting or option cannot be used."""


class SourceError(SpatialError):
    """A source file cannot be read as what it claims to be."""


class SchemaError(SourceError):
    """Columns or types differ from the declared table."""


class CrsError(SourceError):
    """Coordinates are in another reference system than the table declares."""


class GeometryError(SourceError):
    """A shape is missing, empty or beyond repair."""


class ValueParseError(SourceError):
    """A cell holds something that is neither a number nor a known sign."""


class FetchError(SourceError):
    """A source gives no answer, or one against its own rules; the message names the address."""


class NotThereError(FetchError):
    """The source says that it has no such thing."""


class SourceChangedError(FetchError):
    """The source has changed since it was fetched, and nobody has accepted that yet."""


class DuplicateKeyError(SpatialError):
    """One key, more than one row."""


class UnknownRegionError(SpatialError):
    """A region code that the indeling does not have."""


class UnknownMemberError(SpatialError):
    """A group, kenmerk, measure or indicator that is not in the catalogue."""


class RegisterError(SpatialError):
    """The register of redivisions contradicts a set of codes."""


class StoreError(SpatialError):
    """There is no snapshot, or it does not hold what its manifest says."""


class CheckFailedError(SpatialError):
    """What was built or is stored does not hold what it promises."""


class PreviewError(SpatialError):
    """A map cannot be drawn as asked."""


class ExportError(SpatialError):
    """Another system, such as a database, cannot take what an export gives it."""


class QueryError(SpatialError):
    """A request asks for something that the service does not allow."""


class NotAcceptableError(QueryError):
    """A client accepts none of the forms in which an address answers."""


class SelectionTooLargeError(QueryError):
    """A file of this selection would be larger than the service makes."""


class QuestionError(QueryError):
    """An input of a question cannot be answered; the message says what there is.

    Attributes:
        name: the input.
    """

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
