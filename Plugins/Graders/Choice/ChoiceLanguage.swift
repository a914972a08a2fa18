import EvalhPluginKit

/// Languages whose words for "the answer is" a suite may ask for, beside English.
enum ChoiceLanguage: String, CaseIterable, ParameterValue {
    case english = "en"
    case german = "de"
    case spanish = "es"
    case french = "fr"
    case italian = "it"
    case portuguese = "pt"
    case dutch = "nl"
    case polish = "pl"
    case russian = "ru"
    case turkish = "tr"
    case vietnamese = "vi"
    case chinese = "zh"
    case japanese = "ja"
    case korean = "ko"
    case arabic = "ar"
    case hindi = "hi"

    /// Words that a letter follows, in lower case.
    var phrases: [String] {
        switch self {
        case .english: []
        case .german: ["antwort", "lösung", "richtig ist", "korrekt ist", "richtige option"]
        case .spanish: ["respuesta", "opción correcta", "correcta es", "alternativa correcta"]
        case .french: ["réponse", "bonne option", "solution est"]
        case .italian: ["risposta", "opzione corretta", "soluzione"]
        case .portuguese: ["resposta", "alternativa correta", "opção correta", "correta é"]
        case .dutch: ["antwoord", "juiste optie"]
        case .polish: ["odpowiedź", "odpowiedzią", "poprawna jest"]
        case .russian: ["ответ", "правильный вариант", "верный вариант"]
        case .turkish: ["cevap", "yanıt", "doğru seçenek"]
        case .vietnamese: ["đáp án", "câu trả lời", "trả lời"]
        case .chinese: ["答案", "故选", "应选", "应该选", "选择", "选项", "选", "正确的是"]
        case .japanese: ["答え", "正解", "解答", "回答", "答"]
        case .korean: ["정답", "답변", "답"]
        case .arabic: ["الإجابة", "الجواب", "الاجابة", "الخيار الصحيح"]
        case .hindi: ["उत्तर", "जवाब", "सही विकल्प"]
        }
    }

    /// Words that may stand between such a word and the letter.
    var links: [String] {
        switch self {
        case .english: []
        case .german: ["ist", "lautet", "die", "option", "wäre", "richtige", "korrekte", "antwort", "also", "daher"]
        case .spanish: ["es", "la", "opción", "correcta", "final", "letra", "sería", "respuesta", "por lo tanto"]
        case .french: ["est", "la", "l'option", "option", "lettre", "correcte", "donc", "serait", "finale", "réponse"]
        case .italian: ["è", "la", "l'opzione", "opzione", "corretta", "lettera", "quindi", "sarebbe", "finale"]
        case .portuguese: ["é", "a", "opção", "correta", "alternativa", "letra", "final", "seria"]
        case .dutch: ["is", "optie", "het", "juiste", "dus"]
        case .polish: ["to", "jest", "opcja", "litera", "prawidłowa", "poprawna"]
        case .russian: ["это", "вариант", "буква", "правильный", "-", "—", "под буквой"]
        case .turkish: ["seçeneği", "şıkkı", "doğru", "olarak"]
        case .vietnamese: ["là", "đúng", "cuối cùng", "chính xác"]
        case .chinese: ["是", "为", "选", "选项", "应该是", "应为", "最终", "正确", "项", "应选"]
        case .japanese: ["は", "の", "選択肢", "です", "正しい"]
        case .korean: ["은", "는", "이", "옵션", "선택지"]
        case .arabic: ["هي", "هو", "الصحيحة", "الخيار", "الصحيح", "الحرف"]
        case .hindi: ["है", "सही", "विकल्प"]
        }
    }
}
