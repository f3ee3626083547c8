//! The rules of `rules.txt`: readings of a character by what stands around it.

use std::collections::HashMap;
use std::sync::LazyLock;

use super::View;

/// One condition of a line.
enum Condition {
    /// The clause before ends in one of these, or, denied, in none.
    Before(bool, Vec<&'static str>),
    /// The clause after begins with one of these, or, denied, with none.
    After(bool, Vec<&'static str>),
    /// One of these stands near before, or near after.
    NearBefore(Vec<&'static str>),
    NearAfter(Vec<&'static str>),
    State(&'static str),
}

struct Rule {
    readings: Vec<&'static str>,
    conditions: Vec<Condition>,
}

/// How far "near" reaches, in characters.
const NEAR: usize = 8;

/// What a person's name stands before.
const TITLES: &str = "先生 女士 小姐 太太 老师 教授 医生 大夫 经理 总经理 主任 校长 局长 处长 科长 总 师傅 同学 同志 警官 律师 \
    博士 院士 导演 老板 队长 班长 部长 书记 厂长 院长 所长 教练 阿姨 叔叔 大爷 大妈 大娘 大叔 大哥 大姐 爷爷 奶奶 公公 夫人 某 家 氏 \
    法官 护士 司令 将军 姑娘 伯伯 会计 秘书 主席 总理 省长 市长 县长 镇长 村长 乡长 董事 助理 编辑 记者 馆长 站长 行长 店长 组长 团长 \
    连长 排长 师长 军长 营长 政委 主编 老爷 少爷 公子 大人 哥 姐 叔 伯 婶 老 工 姨 嫂 妈妈 爸爸 检察官 工程师 设计师 研究员 园长 社长";

static RULES: LazyLock<HashMap<char, Vec<Rule>>> = LazyLock::new(|| {
    let mut rules: HashMap<char, Vec<Rule>> = HashMap::new();
    for line in include_str!("rules.txt").lines() {
        let mut fields = line.split_whitespace();
        let (Some(key), Some(readings)) = (fields.next(), fields.next()) else { continue };
        let Some(char) = key.chars().next().filter(|c| *c != '#') else { continue };
        let conditions = fields.filter_map(condition).collect();
        rules.entry(char).or_default().push(Rule { readings: readings.split(',').collect(), conditions });
    }
    rules
});

fn condition(field: &'static str) -> Option<Condition> {
    let list = |text: &'static str| text.split('/').filter(|w| !w.is_empty()).collect();
    let (denied, sign) = field.strip_prefix('!').map_or((false, field), |rest| (true, rest));
    let (kind, rest) = sign.split_at_checked(1)?;
    Some(match kind {
        "<" => Condition::Before(denied, list(rest)),
        ">" => Condition::After(denied, list(rest)),
        "~" => Condition::NearBefore(list(rest)),
        "^" => Condition::NearAfter(list(rest)),
        "=" => Condition::State(rest),
        _ => return None,
    })
}

impl Condition {
    fn holds(&self, view: &View) -> bool {
        match self {
            Self::Before(denied, list) => list.iter().any(|w| view.before.ends_with(w)) != *denied,
            Self::After(denied, list) => list.iter().any(|w| view.after.starts_with(w)) != *denied,
            Self::NearBefore(list) => {
                let near: String = view.before.chars().rev().take(NEAR).collect::<Vec<_>>().into_iter().rev().collect();
                list.iter().any(|w| near.contains(w))
            }
            Self::NearAfter(list) => {
                let near: String = view.after.chars().take(NEAR).collect();
                list.iter().any(|w| near.contains(w))
            }
            Self::State(state) => match *state {
                "end" => view.after.is_empty(),
                "start" => view.before.is_empty(),
                "degree" => view.degree(),
                "count" => view.counted(),
                "v" => view.prev_tag.starts_with(['v', 'a', 'z']),
                "n" => view.prev_tag.starts_with(['n', 't', 's']),
                "r" => view.prev_tag.starts_with('r'),
                "act" => view.next_tag.starts_with(['v', 'd', 'p']),
                "title" => view.starts(TITLES),
                "name" => name(view),
                _ => false,
            },
        }
    }
}

/// Whether the character can be a family name here: it begins the clause or follows a word that names follow, and one
/// or two characters that are no word of the language come next.
fn name(view: &View) -> bool {
    const LITTLE: &str = "的了着过是在不有也都很就还又再才和与跟把被给对从到去来上下里一二三两个这那我你他她它们吗呢吧啊说看想要会能可没多少大得地之以为而且或但却只更最太真好";
    let free = view.before.is_empty()
        || view.ends("叫 是 和 与 跟 让 请 给 对 问 找 见 叫做 名叫 同学 老师 先生 导演 演员 歌手 作家 诗人 教授 主席 总理 市长 校长 由 被 向 把 经理 主任 医生 同志 选手 球员 队员 女士 记者 嘉宾 明星 朋友 班长 队长 爱 像");
    let given = view.next_tag.starts_with("nr")
        || view.next.chars().count() == 1 && !view.next.chars().any(|c| LITTLE.contains(c));
    free && given
}

/// The readings that the first fitting line of a character gives.
pub(super) fn readings(char: char, view: &View) -> Option<&'static [&'static str]> {
    let rules = RULES.get(&char)?;
    rules.iter().find(|r| r.conditions.iter().all(|c| c.holds(view))).map(|r| r.readings.as_slice())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::language::cmn::pinyin::{Pinyin, is_syllable};

    #[test]
    fn every_line_is_understood_and_can_be_reached() {
        for line in include_str!("rules.txt").lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
            let fields: Vec<&str> = line.split_whitespace().collect();
            assert_eq!(fields[0].chars().count(), 1, "{line}");
            for reading in fields[1].split(',') {
                let pinyin = Pinyin::numbered(reading);
                assert!(is_syllable(&pinyin.base) && reading.ends_with(['1', '2', '3', '4', '5']), "{line}");
            }
            for field in &fields[2..] {
                assert!(
                    field.len() > 1 && field.trim_start_matches('!').starts_with(['<', '>', '~', '^', '=']),
                    "{line}"
                );
                assert!(!field.starts_with("!~") && !field.starts_with("!=") && !field.starts_with("!^"), "{line}");
            }
        }
        for (char, rules) in RULES.iter() {
            let free = rules.iter().position(|r| r.conditions.is_empty());
            assert!(free.is_none_or(|at| at + 1 == rules.len()), "{char}: lines after the one that always fits");
        }
    }
}
