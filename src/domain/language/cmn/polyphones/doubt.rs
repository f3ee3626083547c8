//! Where an everyday reading was taken because nothing spoke against it: the other one stays a possibility.

use super::View;

/// Another reading of a single character whose usual one, `chosen`, rests on little here; `None` when the words around
/// bear it out, or for characters that are read one way.
pub fn doubt(char: char, chosen: &str, view: &View) -> Option<&'static str> {
    let act = view.next_tag.starts_with(['v', 'd', 'a', 'p', 'c', 'z']);
    let end = view.after.is_empty();
    match (char, chosen) {
        ('得', "de5") => {
            let complement = view.prev_tag.starts_with(['v', 'a'])
                && view.starts("很 太 真 非常 特别 不 更 最 这么 那么 多 好 快 慢 高 远 像 又 了 到 住 起 出 下 上 过 及 清 懂 见 动 完 掉 开 来 去 比较 十分 越 极 比 满 直 连");
            (!complement && !end).then_some("dei3")
        }
        // Must is sure after a person, a time or an adverb; after another noun it may be how something is: 湖水清得见底.
        ('得', "dei3") => {
            let sure = view.prev_tag.starts_with(['r', 't', 'd'])
                || view.ends(
                    "人 们 家 就 还 也 必 总 都 又 可 只 非 才 那 这 一定 恐怕 妈妈 爸爸 老师 孩子 同学 学生 公司",
                );
            (!sure).then_some("de5")
        }
        ('着', "zhe5") => {
            let got = view.ends("找 买 借 猜 睡 点 烧 见 碰 够 抓 逮 打 冻 吓 累 饿 遇 摸 捞");
            if !view.verb_before() {
                Some("zhuo2")
            } else {
                (got && (end || view.starts("了 没 吗 就"))).then_some("zhao2")
            }
        }
        ('还', "hai2") => {
            let still =
                act || view.starts("是 有 没 不 在 要 能 会 可 得 想 很 比 真 挺 算 需 应 应该 那么 这么 多 好 行");
            (!still || view.starts("上 给 回 得起 清")).then_some("huan2")
        }
        ('都', "dou1") => {
            (!act && !view.prev_tag.starts_with('r') && !view.ends("们 家 人 也 连 么 里")).then_some("du1")
        }
        ('地', "de5") => (view.prev.chars().count() < 2 && !view.ends("然")).then_some("di4"),
        ('地', "di4") => (view.prev.chars().count() >= 2 && act && !end).then_some("de5"),
        ('传', "chuan2") => (end || view.next_tag.starts_with('u')).then_some("zhuan4"),
        ('差', "cha4") => {
            (!view.degree() && !end && !view.starts("不多 一 点 得 了 的 几 两 三 五 十 多 在")).then_some("chai1")
        }
        ('藏', "cang2") => (view.prev_tag.starts_with("ns") || view.next_tag.starts_with('n')).then_some("zang4"),
        ('朝', "chao2") => {
            (!view.starts("着 向 我 你 他 她 它 前 后 左 右 东 西 南 北 天 外 里 门 窗 下 上")).then_some("zhao1")
        }
        ('系', "xi4") => (!view.starts("的 里 主任 办公室 学生 列") || view.before.contains('把')).then_some("ji4"),
        ('系', "ji4") => (!view.starts("好 上 紧 着 鞋 领带 安全带 在 了")).then_some("xi4"),
        ('校', "xiao4") => (end || act).then_some("jiao4"),
        ('卡', "ka3") => {
            (!view.prev_tag.starts_with(['n', 'm', 'q', 'r']) && !view.starts("的 里 上 号 片")).then_some("qia3")
        }
        ('率', "lv4") => (end || act).then_some("shuai4"),
        ('乐', "le4") => (end || view.next_tag.starts_with('n')).then_some("yue4"),
        ('没', "mei2") => (view.prev_tag.starts_with('v') && !view.starts("有")).then_some("mo4"),
        ('的', "de5") => view.ends("打").then_some("di1"),
        ('了', "le5") => view.ends("不 得").then_some("liao3"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_usual_reading_is_doubted_only_where_little_bears_it_out() {
        let view = |before, prev, prev_tag, after, next, next_tag| View {
            before,
            prev,
            prev_tag,
            after,
            next,
            next_tag,
            ..View::default()
        };
        assert_eq!(doubt('得', "de5", &view("他跑", "跑", "v", "很快", "很", "d")), None);
        assert_eq!(doubt('得', "de5", &view("公司的发展", "发展", "vn", "靠大家", "靠", "v")), Some("dei3"));
        assert_eq!(doubt('得', "dei3", &view("他", "他", "r", "走", "走", "v")), None);
        assert_eq!(doubt('得', "dei3", &view("湖水清", "水清", "n", "见底", "见底", "v")), Some("de5"));
        assert_eq!(doubt('还', "hai2", &view("他", "他", "r", "没来", "没", "d")), None);
        assert_eq!(doubt('还', "hai2", &view("他", "他", "r", "书", "书", "n")), Some("huan2"));
        assert_eq!(doubt('都', "dou1", &view("我们", "我们", "r", "去", "去", "v")), None);
        assert_eq!(doubt('好', "hao3", &View::default()), None);
    }
}
