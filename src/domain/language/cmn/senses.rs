//! Words whose sound hangs on their sense, and family names.

use super::pinyin::Pinyin;
use super::words::{HanWord, REACH};

/// Words with two readings by sense: which one stands here, if the neighbours tell.
pub(super) fn sense(text: &str, words: &[HanWord], at: usize) -> Option<usize> {
    let (first, past) = (at.saturating_sub(REACH), words.len().min(at + 1 + REACH));
    let before: String = words[first..at].iter().flat_map(|w| w.plain.iter()).collect();
    let after: String = words[at + 1..past].iter().flat_map(|w| w.plain.iter()).collect();
    let ends = |list: &str| list.split(' ').any(|w| before.ends_with(w));
    let starts = |list: &str| list.split(' ').any(|w| after.starts_with(w));
    match text {
        "都会" => Some(usize::from(ends("大 国际 现代 东方 繁华 繁华的 繁华 大型") && !ends("很大"))),
        "同行" => {
            if ends("一路 结伴 和我 与我 跟我 一起 携手 与你 和你 与他") || starts("的路 者") {
                Some(1)
            } else if ends("的 是 位 们 个 国内 业内 几个") || starts("们 之间 竞争 业") {
                Some(0)
            } else {
                None
            }
        }
        "长长" => Some(usize::from(starts("了 啦"))),
        "大夫" => Some(usize::from(ends("士 卿"))),
        "朝阳" => Some(usize::from(
            !starts("区 门 公园 医院 路 大街 剧场 法院 北路") && !ends("北京 在 去 住 到 辽宁") || ends("迎着 一轮 像"),
        )),
        "穿着" => Some(usize::from(
            after.is_empty() && ends("的 她的 他的 你的 注意 讲究")
                || starts("打扮 得体 讲究 朴素 时尚 整齐 风格 入时 简单 暴露"),
        ))
        .filter(|_| !starts("很 是 不 十分 非常 也 都 更 太")),
        "一行" => {
            let people = after.chars().next().is_some_and(|c: char| "人二三四五六七八九十百几数两".contains(c));
            if people && !starts("十行 两行 三行 人生") || starts("来到 抵达 前往 到达 赴 离开 访问 从")
            {
                Some(1)
            } else {
                Some(0)
            }
        }
        "重重" => Some(usize::from(starts("地 的打 摔 一 打 压 敲 砸 叹") && !ends("困难 心事 顾虑 疑点"))),
        "得了" => {
            if before.is_empty() || ends("他 她 我 你 们 已经 还 也 就 又 都 终于 这次 比赛") {
                Some(0)
            } else if ends("跑 走 吃 干 做 拿 受 办 来 去 管 忘 治 修 帮 少 成 免") {
                Some(2)
            } else {
                None
            }
        }
        "长得" => Some(usize::from(ends("时间 路 头发 腿 河 队伍 队 裤子 裙子 课 会议"))),
        "落下" => Some(usize::from((before.contains('把') || ends("被 别 没 不能 功课 东西")) && !starts("来 去"))),
        "打的" => {
            Some(usize::from(starts("去 来 回 到 上班 上学") || after.is_empty() && ends("去 是 来 们 我 坐车还是")))
        }
        "睡着" => Some(usize::from(starts("觉 的时候"))),
        "便宜" => Some(usize::from(starts("行事 从事"))),
        "系上" => Some(usize::from(ends("在 我们 学校 从"))),
        "调到" => Some(usize::from(
            ["部门", "公司", "单位", "总部", "学校", "外地", "北京", "上海", "机关", "局", "这里"]
                .iter()
                .any(|w| after.contains(w))
                // A person is posted, a thing is adjusted.
                || before.contains(['把', '被']) && ends("我 你 他 她 们 人 员"),
        )),
        "扎住" => starts("伤 口 袋 头发 辫 袖 裤").then_some(0),
        "人行" => Some(usize::from(starts("长 的 存 贷 上调 下调 宣布"))),
        "没过" => Some(usize::from(starts(
            "膝 头 脚 腰 小腿 胸 头顶 了膝 了头 了脚 了腰 了小腿 了胸 了河 了堤 了桥 了田 了他的膝 了我的膝",
        ))),
        _ => None,
    }
}

/// Readings of surnames that differ from the character's usual one.
pub(super) fn surname(first: char, second: Option<char>) -> Option<Pinyin> {
    let reading = match first {
        '单' => "shan4",
        '曾' => "zeng1",
        '仇' => "qiu2",
        '翟' => "zhai2",
        '朴' => "piao2",
        '覃' => "qin2",
        '缪' => "miao4",
        '任' => "ren2",
        '华' => "hua4",
        '解' => "xie4",
        '查' => "zha1",
        '区' => "ou1",
        '盖' | '葛' => "ge3",
        '宁' => "ning4",
        '纪' => "ji3",
        '燕' => "yan1",
        '应' => "ying1",
        '员' => "yun4",
        '召' => "shao4",
        '种' => "chong2",
        '尉' if second == Some('迟') => "yu4",
        '长' if second == Some('孙') => "zhang3",
        _ => return None,
    };
    Some(Pinyin::numbered(reading))
}
