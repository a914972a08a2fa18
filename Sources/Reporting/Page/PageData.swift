internal import JSON

/// What the script needs to know beside the sessions: rows, columns and the words of their codes.
enum PageData {
    static func json(_ summary: RunSummary, _ contents: PageContents) -> String {
        var json = JSONWriter(escapes: .markup)
        json.array { json in
            json.array { json in
                var series: [String: Int] = [:]
                for arm in summary.arms {
                    let own = series[arm.id] ?? series.count
                    series[arm.id] = own
                    json.array { json in
                        json.add(CutText.short(arm.title, 200))
                        json.add(CutText.short(arm.level?.label ?? "", 200))
                        json.add(own % FrontierPlot.colours.count)
                        json.add(CutText.short(arm.name, 400))
                    }
                }
            }
            json.array { json in
                for column in SessionColumns.layout {
                    json.array { json in
                        json.add(column.name)
                        json.add(column.type)
                    }
                }
            }
            for words in [contents.finishes, contents.stops, contents.stages] {
                json.array { json in for word in words { json.add(word) } }
            }
            json.add(contents.sessions)
            json.add(contents.sessionsWithText)
            json.array { json in
                for flag in [SessionColumns.Flags.error, .hasText, .gradesDiffer, .cutOff] {
                    json.add(Int(flag.rawValue))
                }
            }
        }
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
