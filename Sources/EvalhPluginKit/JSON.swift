// Parameters, items' fields and metrics' details are JSON values: plugin authors get them with the kit.
@_exported public import JSON
