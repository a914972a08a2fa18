/// The JSON Schema of `summary.json`.
package enum SummarySchema {
    private static let costs = CostAxis.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")

    package static let json = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "evalh.summary/1",
          "title": "evalh run summary",
          "type": "object",
          "required": ["schema", "suite", "run_id", "status", "dataset", "arms", "scaling", "comparisons", "gates", \
        "provenance"],
          "properties": {
            "schema": {"const": "evalh.summary/1"},
            "suite": {"type": "string"},
            "run_id": {"type": "string"},
            "status": {"enum": ["complete", "incomplete", "failed"]},
            "dataset": {
              "type": "object", "required": ["name", "sha256", "items"],
              "properties": {"name": {"type": "string"}, "sha256": {"type": "string"}, "items": {"type": "integer", \
        "minimum": 0}}
            },
            "arms": {"type": "array", "items": {"$ref": "#/$defs/arm"}},
            "scaling": {
              "type": "array",
              "items": {
                "type": "object", "required": ["arm", "metric", "levels", "items", "detail"],
                "properties": {
                  "arm": {"type": "string"}, "metric": {"type": "string"}, "value": {"$ref": "#/$defs/number"},
                  "ci_low": {"$ref": "#/$defs/number"}, "ci_high": {"$ref": "#/$defs/number"}, "levels": {"type": \
        "array"},
                  "items": {"type": "integer"}, "detail": {}
                }
              }
            },
            "metrics": {"type": "object", "additionalProperties": {"$ref": "#/$defs/metric"}},
            "allocation": {
              "type": "object", "required": ["allocator", "sessions", "rounds", "reason", "weighted"],
              "properties": {
                "allocator": {"type": "string"}, "sessions": {"type": "integer"}, "rounds": {"type": "integer"},
                "reason": {"type": "string"}, "weighted": {"type": "boolean"}
              }
            },
            "judging": {
              "type": "object", "required": ["role", "template", "form", "counting", "judged", "ties", "no_verdicts", \
        "cost", "agreement"],
              "properties": {
                "role": {"type": "string"}, "second": {"type": "string"}, "template": {"type": "string"}, "form": \
        {"type": "string"},
                "counting": {"enum": ["left_out", "wrong"]}, "judged": {"type": "integer"}, "ties": {"type": "integer"},
                "no_verdicts": {"type": "object", "additionalProperties": {"type": "integer"}},
                "cost": {"$ref": "#/$defs/usage"},
                "agreement": {
                  "type": "array",
                  "items": {
                    "type": "object", "required": ["with", "pairs"],
                    "properties": {
                      "with": {"enum": ["second", "labels"]}, "pairs": {"type": "integer"}, "raw": {"$ref": \
        "#/$defs/metric"},
                      "kappa": {"$ref": "#/$defs/metric"}, "alpha": {"$ref": "#/$defs/metric"}
                    }
                  }
                },
                "calibration": {
                  "type": "object", "required": ["accuracy"],
                  "properties": {
                    "accuracy": {"$ref": "#/$defs/metric"}, "sensitivity": {"$ref": "#/$defs/metric"},
                    "specificity": {"$ref": "#/$defs/metric"}
                  }
                }
              }
            },
            "problems": {"type": "array", "items": {"type": "string"}},
            "failures": {
              "type": "object", "required": ["sessions", "causes", "unlisted"],
              "properties": {
                "sessions": {"type": "integer"}, "unlisted": {"type": "integer"},
                "causes": {
                  "type": "array",
                  "items": {
                    "type": "object", "required": ["kind", "message", "sessions", "arms", "next"],
                    "properties": {
                      "kind": {"type": "string"}, "message": {"type": "string"}, "sessions": {"type": "integer"},
                      "arms": {"type": "object", "additionalProperties": {"type": "integer"}},
                      "next": {"type": "string"}
                    }
                  }
                }
              }
            },
            "by": {
              "type": "array",
              "items": {
                "type": "object", "required": ["field", "values", "unlisted"],
                "properties": {
                  "field": {"type": "string"}, "unlisted": {"type": "integer"},
                  "values": {
                    "type": "array",
                    "items": {
                      "type": "object", "required": ["value", "items", "arms"],
                      "properties": {
                        "value": {"type": ["string", "null"]}, "items": {"type": "integer"},
                        "arms": {
                          "type": "array",
                          "items": {
                            "type": "object", "required": ["arm", "items", "errors"],
                            "properties": {
                              "arm": {"type": "string"}, "items": {"type": "integer"}, "errors": {"type": "integer"},
                              "accuracy": {"$ref": "#/$defs/metric"}, "accuracy_all": {"$ref": "#/$defs/metric"}
                            }
                          }
                        }
                      }
                    }
                  }
                }
              }
            },
            "repeated_rows": {
              "type": "object", "required": ["rows", "questions"],
              "properties": {"rows": {"type": "integer"}, "questions": {"type": "integer"}}
            },
            "comparisons": {"type": "array", "items": {"$ref": "#/$defs/comparison"}},
            "frontier": {
              "type": "array",
              "items": {
                "type": "object", "required": ["cost", "arms"],
                "properties": {
                  "cost": {"enum": [\(costs)]},
                  "arms": {"type": "array", "items": {"type": "string"}},
                  "probabilities": {"type": "object", "additionalProperties": {"type": "number"}},
                  "dominance": {
                    "type": "array",
                    "items": {
                      "type": "object", "required": ["a", "b", "probability"],
                      "properties": {"a": {"type": "string"}, "b": {"type": "string"}, "probability": {"type": \
        "number"}}
                    }
                  }
                }
              }
            },
            "gates": {
              "type": "array",
              "items": {
                "type": "object", "required": ["text", "verdict", "detail"],
                "properties": {"text": {"type": "string"}, "verdict": {"enum": ["pass", "fail", "inconclusive"]}, \
        "detail": {"type": "string"}}
              }
            },
            "paid": {"$ref": "#/$defs/usage"},
            "provenance": {"type": "object"}
          },
          "$defs": {
            "number": {"type": ["number", "null"]},
            "metric": {
              "type": "object", "required": ["value", "ci_low", "ci_high", "stderr", "n", "method"],
              "properties": {
                "value": {"type": "number"}, "ci_low": {"$ref": "#/$defs/number"}, "ci_high": {"$ref": \
        "#/$defs/number"},
                "stderr": {"$ref": "#/$defs/number"}, "n": {"type": "integer"}, "method": {"type": "string"}, \
        "detail": {}
              }
            },
            "usage": {
              "type": "object",
              "required": ["requests", "prompt_tokens", "cached_prompt_tokens", "completion_tokens", \
        "reasoning_tokens", "cancelled_tokens", "usd"],
              "properties": {
                "requests": {"type": "integer"}, "prompt_tokens": {"type": "integer"}, "cached_prompt_tokens": \
        {"type": "integer"},
                "completion_tokens": {"type": "integer"}, "reasoning_tokens": {"type": "integer"}, "cancelled_tokens": \
        {"type": "integer"},
                "usd": {"$ref": "#/$defs/number"}
              }
            },
            "arm": {
              "type": "object",
              "required": ["id", "strategy", "params", "model", "level", "items", "sessions", "errors", "metrics", \
        "truncated_rate", "extraction", "usage", "latency"],
              "properties": {
                "id": {"type": "string"}, "oracle": {"type": "boolean"}, "strategy": {"type": "string"}, "params": {}, \
        "model": {"type": "string"}, "level": {},
                "items": {"type": "integer"}, "sessions": {"type": "integer"}, "errors": {"type": "integer"},
                "served_in_part": {"type": "integer"},
                "left_out": {
                  "type": "object", "required": ["reason", "fault"],
                  "properties": {
                    "reason": {"type": "string"}, "fault": {"type": "boolean"}, "sessions": {"type": "integer"}
                  }
                },
                "error_kinds": {"type": "object", "additionalProperties": {"type": "integer"}},
                "metrics": {"type": "object", "additionalProperties": {"$ref": "#/$defs/metric"}},
                "truncated_rate": {"$ref": "#/$defs/number"},
                "extraction": {"type": "object", "additionalProperties": {"type": "integer"}},
                "usage": {"$ref": "#/$defs/usage"},
                "latency": {"type": "object"}
              }
            },
            "comparison": {
              "type": "object", "required": ["metric", "a", "b", "difference", "ci_low", "ci_high", "p_value", "test", \
        "n", "flips"],
              "properties": {
                "metric": {"type": "string"}, "a": {"type": "string"}, "b": {"type": "string"}, "difference": {"type": \
        "number"},
                "ci_low": {"$ref": "#/$defs/number"}, "ci_high": {"$ref": "#/$defs/number"}, "p_value": {"$ref": \
        "#/$defs/number"},
                "p_adjusted": {"$ref": "#/$defs/number"}, "detectable": {"$ref": "#/$defs/number"},
                "test": {"type": "string"}, "n": {"type": "integer"},
                "flips": {"type": "object", "required": ["a_only", "b_only"]}
              }
            }
          }
        }
        """
}
