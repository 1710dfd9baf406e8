from tests.filed import filed

__all__ = ["filed"]
