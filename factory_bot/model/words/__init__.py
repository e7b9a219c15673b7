"""Understanding short answers: lists, fields, yes and no.  Pure text work, no model."""
