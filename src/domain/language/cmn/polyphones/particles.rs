//! The particles 了, 着, 得 and 地, which are also verbs and nouns.

use super::View;

pub(super) fn le(view: &View) -> &'static [&'static str] {
    // 受不了, 跑得了: the complement; but 取得了, 记得了 are verbs with the particle.
    const DE_VERBS: &str = "取得 获得 赢得 博得 觉得 记得 懂得 晓得 显得 值得 难得 舍得 免得 省得 使得 认得 求得 所得 夺得 测得 变得 不得 只得 落得 心得";
    if view.starts("解 结 却 断 如指掌 不起 不得 事 无 望 然 悟 账 当")
        && !view.starts("解放 结果 结婚 不得不 事情 当时 当然 结束 断开 断断 无数 无法 账号 账单 然后 解决 解释")
    {
        return &["liao3"];
    }
    let inner: Vec<char> = view.before.chars().rev().take(2).collect();
    match inner.as_slice() {
        ['不', verb] if !matches!(verb, '再' | '也' | '就' | '还' | '好' | '，' | '可' | '要' | '是' | '我' | '他') => {
            &["liao3"]
        }
        ['得', verb]
            if !view.ends(DE_VERBS)
                && !matches!(verb, '我' | '你' | '他' | '她' | '也' | '就' | '都' | '终' | '又') =>
        {
            // 得了第二名, 得了病: what was got follows; 受得了, 跑得了吗.
            let complement = view.after.is_empty() || view.starts("吗 吧 呢 的 多少 多久 多远 啊 不 么 我 你 他 她 谁");
            match (complement, view.prev_tag == "v" || view.prev_tag == "ud") {
                (true, true) => &["liao3"],
                (true, false) => &["le5", "liao3"],
                _ => &["le5"],
            }
        }
        _ => &["le5"],
    }
}

pub(super) fn zhe(view: &View) -> &'static [&'static str] {
    let last = view.before.chars().next_back();
    if view.ends("睡不 找不 够不 摸不 见不 用不 犯不 管不 数不 碰不 猜不 点不 抓不 打不 怪不 逮不 合不 听不 睡得 找得 够得 摸得 见得 用得 犯得 管得 碰得 猜得 点得 数得") {
        return &["zhao2"];
    }
    if last == Some('睡') {
        return if view.starts("觉 的时候 时") { &["zhao2", "zhe5"] } else { &["zhao2"] };
    }
    if matches!(
        last,
        Some('找' | '猜' | '逮' | '抓' | '碰' | '见' | '够' | '捞' | '点' | '打' | '冻' | '吓' | '累' | '饿')
    ) && view.starts("了")
    {
        return &["zhao2", "zhe5"];
    }
    if matches!(last, Some('找' | '见' | '够' | '碰' | '逮' | '抓' | '猜'))
        && view.after.is_empty()
        && (view.before.contains('没') || view.ends("终于找 总算找 也找"))
    {
        return &["zhao2"];
    }
    if view.ends("衣 穿") && (view.starts("打扮 得体 讲究 朴素 时尚 整齐 也 很 是 风格 不 入时 简单 十分 非常 暴露 搭配") || view.after.is_empty() && view.ends("的穿 衣"))
        || view.starts("装 陆 落 手 重 想 眼 色 力 墨 笔 实 意") && !view.starts("手机 手里 手上 手中 手表 手指 手指头 重物 想 眼睛 眼泪 眼镜 落叶 装着 手电 手套 手提 笔记 实在 手帕 手杖 眼看") && !view.verb_before()
        || view.ends("附 沉 执 胶 土")
    {
        return &["zhuo2"];
    }
    if !view.verb_before() && view.starts("火 急 凉 迷 慌 魔 忙 地 风") {
        return &["zhao2"];
    }
    if view.ends("高 一 这 招 绝") && !view.verb_before() && view.after.is_empty() {
        return &["zhao1"];
    }
    // 买着票, 借着钱: got, rather than doing it.
    if matches!(last, Some('买' | '借' | '碰' | '捞' | '找' | '见' | '够')) && !view.starts("什么 谁 你 我 他 她 急")
    {
        return &["zhe5", "zhao2"];
    }
    if view.verb_before() || view.prev_tag.starts_with('p') || view.starts("的 呢 ， 一 他 她 我 你 两 三") {
        &["zhe5"]
    } else {
        &["zhe5", "zhao2"]
    }
}

pub(super) fn de(view: &View) -> &'static [&'static str] {
    const NOUN_OF_GAIN: &str = "到 出 知 分 奖 病 第 意 罪 名 利 胜 体 失 冠军 亚军 季军 金牌 银牌 满分 高分 一百分 一等奖 二等奖 票 势 逞 救 手 法 当 主 以 了病 过 了第 了冠 了奖 了感冒 癌 感冒 流感 新冠 益 道 宠";
    const MUST_BEFORE: &str = "就 还 也 必 总 都 又 可 只 非 真 才 得 一定 恐怕 大概 可能 起码 至少 最少 怕 肯定 今天 明天 后天 现在 以后 晚上 早上 下午 上午 待会儿 一会儿 马上 然后 所以 因此 那 那么 但 但是 不过 否则 要不 不然 先 最后 往后 回头 毕竟 这 那 事 人 们 家 我 你 他 她 它 您 咱 谁 大家 自己 妈妈 爸爸 老师 孩子 同学 学生 公司 政府 而且 并且 周末 每天 每次 天天 年 月 号 点 时候 反正 看来 估计 应该 或许 至多 最多 仍 仍然 依然 终究 到底 自然 未免";
    if view.before.is_empty() {
        return if view.starts(NOUN_OF_GAIN) || view.starts("了") || view.after.is_empty() {
            &["de2"]
        } else {
            &["dei3"]
        };
    }
    // 舍不得, 认得, 跑得快: all cued alike, whatever the tone.
    if view.before.ends_with('不') {
        return &["de2"];
    }
    let prev_noun = view.prev_tag.starts_with(['r', 'n', 't', 'c', 's', 'm'])
        && !view.ends("记 病 饿 气 急 乐 疼 晒 冻 哭 梦 笑 热");
    let must = MUST_BEFORE.split(' ').any(|w| view.before.ends_with(w)) || view.prev_tag == "d" || prev_noun;
    if must && (!view.verb_before() || view.ends("可能 应该 肯定 估计 看来")) {
        // 他得的是感冒: got; must is no attribute.
        let got = view.starts("了 过") || view.starts("的") && !view.starts("的确 的士");
        if view.starts(NOUN_OF_GAIN) || got {
            return &["de2"];
        }
        if view.after.is_empty() {
            return &["de5", "dei3"];
        }
        // 他字写得: a noun that is a verb: 他病得很重.
        if view.starts("很 太 真 非常 特别 不得了 厉害 要命 够呛 更 最 多了 这么 那么 像 怎么样 不错 挺 极 越 比较 相当 十分 如此 有点 真快 好极了 快 慢") {
            return if prev_noun && view.prev_tag.starts_with('r') { &["dei3", "de5"] } else { &["de5"] };
        }
        // 背, 锁, 画 are nouns and verbs: 背得滚瓜烂熟.
        let either = view.prev_tag.starts_with('n') && view.prev.chars().count() == 1 && !view.ends("人 事 家");
        return if either { &["de5", "dei3"] } else { &["dei3"] };
    }
    if view.ends("要 会 能 想 是 有 该 需要") && !view.starts("很 太") {
        return &["dei3", "de5"];
    }
    // 发展得靠大家, but 高兴得跳起来: a verb may be the complement or what must be done.
    if view.next_tag.starts_with('v') && view.prev.chars().count() >= 2 && view.prev_tag.starts_with('v') {
        return &["de5", "dei3"];
    }
    &["de5"]
}

pub(super) fn di(view: &View) -> &'static [&'static str] {
    if view.before.is_empty() {
        return &["di4"];
    }
    let prev: Vec<char> = view.prev.chars().collect();
    // After a word that is cut in single characters, what stands before it: 一步一步, 高高兴兴.
    let tail: Vec<char> = view.before.chars().rev().take(8).collect();
    let doubled = (1..=tail.len() / 2).any(|k| tail[..k] == tail[k..2 * k])
        || tail.len() >= 4 && tail[0] == tail[1] && tail[2] == tail[3]
        || tail.len() >= 4 && tail[1] == '一' && tail[3] == '一' && tail[0] == tail[2];
    if view.after.is_empty() {
        let slowly = doubled || prev.len() >= 2 && view.prev_tag.starts_with(['d', 'a', 'z', 'i']) || view.ends("然");
        return if slowly { &["de5"] } else { &["di4"] };
    }
    if view.prev_tag == "d" && prev.len() >= 2 && !view.starts("方 区 面上 点上") {
        return &["de5"];
    }
    if view.starts("上 下 里 面 方 点 位 区 球 图 铁 址 震 带 处 理 主 道 板 毯 瓜 形 势 层 段 基 盘 契 产 名 平线")
        && !view.starts("上下 上前 上去 上车 上楼 上网 上课 下去 下来 下车 下楼 下班 下雨 点头 点点 点了 面对 处理 理解 道歉 位于 里外 带着 带我 带他 带领 带走 处 震动 方便 平")
        && !doubled
    {
        return &["di4"];
    }
    let next_is_act = view.next_tag.starts_with(['v', 'd', 'p', 'a', 'z', 'i', 'l', 'c', 'o'])
        || view.starts("把 被 给 对 向 跟 和 从 在 往 朝 用 为 将 不 没 一 就 又 看 笑 说 走 哭 跑");
    let is = view.starts("是 有 在 的 和 与 很 了 都 也 不是 没有 上");
    let adverbial = view.prev_tag.starts_with(['a', 'd', 'z', 'i', 'l', 'o', 'b'])
        || view.ends("然 般 样 似 劲 声") && prev.len() != 1
        || doubled;
    let place = "种 耕 扫 拖 落 遍 倒 坐 躺 擦 满 某 异 外 两 空 各 这 那 当 本 此 该 产 草 土 田 耕 荒 山 陆 洼 工 场 营 墓 盆 林 湿 沙 雪 绿 菜 麦 园 用 征 占 圈 卖 买 刨 锄 一块 块 片 的 在 到 之 天 胜 重 险 高 宝 圣 目的 根据 所在 发源 出生";
    let placed = place.split(' ').any(|p| view.before.ends_with(p)) && !doubled;
    if adverbial && !placed && !is {
        return if next_is_act { &["de5"] } else { &["de5", "di4"] };
    }
    if doubled && next_is_act {
        return &["de5"];
    }
    if prev.len() >= 2 && view.prev_tag.starts_with(['v', 'n', 'm', 'r', 'y']) && next_is_act && !is && !placed {
        let done = view.next_tag.starts_with('v') && !matches!(view.prev_tag, "ns" | "nt" | "s");
        return if view.prev_tag.starts_with(['v', 'm']) || done { &["de5"] } else { &["de5", "di4"] };
    }
    if placed || prev.len() <= 1 { &["di4"] } else { &["di4", "de5"] }
}
