//! Everyday characters with two readings each: 还, 都, 长, 行, 重, 觉, 弹, 调.

use super::View;

pub(super) fn hai(view: &View) -> &'static [&'static str] {
    const GOODS: &str = "钱 书 债 款 清 贷 账 礼 手 击 价 原 乡 本金 愿 魂 俗 东西 图书 车款 车贷 房贷 信用卡 花呗 人情 高利贷 贷款 欠款 雨伞 伞 给 回去 回来 掉 完了 清了 上钱 押金";
    if view.starts(GOODS) && !view.starts("给我 给他 给你 给她 给人 给 手机 手里 价格 原来 完 书上 车")
    {
        return &["huan2"];
    }
    if view.starts("给") {
        // 还给他 gives back; 还给他买了 adds.
        let person: String = view.after.chars().skip(1).take(2).collect();
        let rest = view.after.trim_start_matches('给');
        let rest = ["我们", "你们", "他们", "她们", "人家", "别人", "老师", "图书馆", "我", "你", "他", "她", "您"]
            .iter()
            .find_map(|p| rest.strip_prefix(p))
            .unwrap_or(rest);
        let verb_follows =
            rest.chars().next().is_some_and(|c| "买做送打带写讲说起留寄发唱拿看倒画安介准提指添".contains(c));
        return if verb_follows {
            &["hai2", "huan2"]
        } else if person.is_empty()
            || rest.is_empty()
            || rest.starts_with(['了', '吧', '的', '，', '吗'])
            || view.before.contains('把')
        {
            &["huan2"]
        } else {
            &["huan2", "hai2"]
        };
    }
    let end = view.after.is_empty()
        || view.starts("了 吧 吗 呢 啊 的时候 不了 得起 得了 不起 一下 回 上 清 完 到 我吧 你吧 他吧")
            && !view.starts("上学 上班 上课 上网 上了 不了解 到处 回家 回不 上 到");
    if end && view.ends("要 该 会 能 来 去 不 没 得 先 早点 按时 必须 马上 已经 快 忘了 忘记 没有 准备 再 借 归 偿 怎么 如何 何时 未 没法 我 你 他 她 就 钱 书 债 款 账 以后 后 月 年 天 都 有借有 同时 也 一起 全 才 用 替 帮 清") {
        return if view.ends("我 你 他 她 也 都 就 才") && view.after.is_empty() { &["hai2", "huan2"] } else { &["huan2"] };
    }
    if view.before.contains('把') && (view.starts("了 回 给 清 掉 完 上") || view.after.is_empty())
        || view.ends("有借有 归 偿 奉 返 退 交 生") && !view.starts("有 是 没 不 要 可")
    {
        return &["huan2"];
    }
    // 还我钱, 还你书: a verb with its two objects.
    if view.starts("我 你 他 她 您") {
        let rest: String = view.after.chars().skip(1).collect();
        let counted = rest.starts_with(|c: char| "那这一两三五十百几".contains(c)) && !rest.starts_with("一起");
        if rest.is_empty()
            || counted && !rest.contains("这么") && !rest.contains("那么")
            || ["钱", "书", "手机", "的", "清白", "自由", "东西", "公道", "命", "一个", "人情", "!"]
                .iter()
                .any(|w| rest.starts_with(w))
        {
            return &["huan2"];
        }
    }
    if view.after.is_empty() && view.before.is_empty() {
        return &["hai2", "huan2"];
    }
    // What follows 还 "still" is no noun.
    if view.next_tag.starts_with('n') && view.next.chars().count() <= 2 && !view.prev_tag.starts_with('n') {
        return &["huan2", "hai2"];
    }
    &["hai2"]
}

pub(super) fn dou(view: &View) -> &'static [&'static str] {
    if view.ends("首 成 京 古 建 定 迁 国 帝 魔 故 旧 陪 丰 江 花 山 新 昌 于 武 大 钢 水 煤 瓷 东方")
        && !view.ends("这些年 很大 多大 不大 大大")
        && !view.starts("是 有 不 没 会 能 要 在 很 好 可 想 去 来 说 得 让 把 被 给 用 了")
        || view.starts("城 督 灵 江堰 市里 市中 市生 市人 市圈 市化 市丽 市白 市的") && !view.starts("市民 市场 城里")
    {
        if view.ends("首 成 京 古 建 定 迁 帝 魔 故 旧 陪 丰") || view.starts("城 督 江堰 市") {
            &["du1"]
        } else {
            &["dou1"]
        }
    } else if view.starts("市") && !view.starts("市场 市民 市长 市政") {
        &["du1"]
    } else {
        &["dou1"]
    }
}

pub(super) fn chang(view: &View) -> &'static [&'static str] {
    // 教务长, 检察长: the head of something.
    if view.last && view.own_tag.starts_with('n') && view.before.chars().count() >= 2 {
        return &["zhang3"];
    }
    const GROWS: &str = "大 高 胖 得 出 满 成 着 在 进 势 辈 老 子 女 孙 草 虫 肉 个 痘 牙 胡 叶 毛了 这么 那么 什么 啥 怎么 这样 那样 相 官 者 房 上 起 了一 了两 了三 了几 了许多 了很多 了不少 了个 了新 了好 了翅膀 了胡 了头 了牙 了一身 了张 点肉 点心 点个 膘 知识 见识 本事 记性 心眼 岁 虱 疮 斑 皱纹 疙瘩 刺 根 芽 苔 霉 锈 不大 不高 不胖 不出 不成 不好 教训 篇大论";
    // 头发长长了: grown long.
    if view.starts("长了 长啦") {
        return &["zhang3"];
    }
    if view.starts("满 出 着一 着两 着三 着大 着小 着长 着黑 着白 着很 着许多 着翅膀 着胡 得很 得真 得好 得像 得又 得特别 得挺 得太 得不 得一")
        && !view.ends("时间 路 腿 头发 河 队 裤子 裙子 袖子 很 太 真 线 绳子")
    {
        return &["zhang3"];
    }
    if view.starts("篇 假 大于 着呢 成语 老远") {
        return if view.starts("着呢 老远") { &["chang2", "zhang3"] } else { &["chang2"] };
    }
    if view.starts("的") {
        return if view.starts("的像 的很 的真 的好 的帅 的漂亮 的不 的跟 的和 的什么 的挺 的太 的可爱 的美")
            && !view.degree()
            && view.prev_tag.starts_with(['r', 'n'])
        {
            &["zhang3", "chang2"]
        } else {
            &["chang2"]
        };
    }
    let measured = view.ends("米 公里 尺 厘米 寸 公里 里路 分钟 小时 天 年 毫米 丈 多 公分 千米 度 身 手 腿 脖子 头发 细 狭 漫 修 瘦 全 特 专 擅 绵 冗 深 源远流 延 加 拉 伸 天 万年") || view.degree() && !view.ends("又 还 不");
    if view.starts("了一截 了几 了两 了一寸 了一头 一截") && view.ends("又 也 还 都 个子 身高 树 苗 孩子 他 她")
    {
        return &["zhang3"];
    }
    if view.ends("部 局 校 院 市 省 县 区 科 处 班 组 队 会 团 排 连 营 军 舰 船 机 站 厂 店 行 家 师 首 酋 村 镇 乡 州 董事 秘书 司 庭 所 室 学 生 增 成 助 滋 消 见 兄 尊 厅 船 课 社 馆 议 护士 台 园 参谋 检察 警 总 族 户 列车") && !measured && !view.starts("的 江 城 发 裙 裤 期 时间 途") {
        return if view.ends("行 学 生 增 成") && view.starts("大 得 高 出") || !view.starts("得 大 高") { &["zhang3"] } else { &["chang2", "zhang3"] };
    }
    if view.starts(GROWS) {
        if view.starts("得") && (view.ends("时间 路 腿 头发 河 队 裤子 裙子 袖子") || view.degree()) {
            return &["chang2", "zhang3"];
        }
        if view.starts("相") && !view.starts("相思 相守 相随") || !measured || view.starts("大 高 胖") {
            return &["zhang3"];
        }
    }
    if view.starts("了") && !measured {
        return &["chang2", "zhang3"];
    }
    // Grown by so much: 长一岁, 又长了两厘米.
    if view.starts("一智 一岁 两岁 几岁 了一岁 了一截 一截 了两 了几 一辈 两辈") && !measured {
        return &["zhang3"];
    }
    let number = view.after.starts_with(|c: char| "一二两三四五六七八九十百千几数半约达近".contains(c));
    let plainly = measured
        || number
        || view.after.is_empty() && view.prev_tag.starts_with(['n', 't', 's', 'r'])
        || view.starts("发 裙 裤 袖 期 途 达 方 江 城 短 夜 久 远 寿 条 句 文 篇 椅 凳 桌 队 长 腿 跑 假 的 胡 刀 矛 枪 笛 号 河 街 廊 桥 话 诗 脸 安 沙 春 治 白 颈 镜头 线 虹 辫 毛 尾 和 宽 过 于 又 且 而 则 是 在 有 很 不 得多 些 点儿");
    if plainly { &["chang2"] } else { &["chang2", "zhang3"] }
}

pub(super) fn hang(view: &View) -> &'static [&'static str] {
    const LINES: &str = "字 诗 代码 文字 眼泪 泪 树 大雁 脚印 小字 白鹭 热泪 清泪 数据 诗句 歌词 是 的 写 和 第 有 到 空 开始 里 中 末 首 记录";
    if view.ends("一") && view.starts("人 五 三 四 两 六 七 八 九 十 几 来到 抵达") {
        return &["xing2"];
    }
    if view.ends("那 这") && view.after.is_empty() {
        return &["xing2", "hang2"];
    }
    if view.counted() {
        if view.starts("吗 不行 吧 啊 呢 ？") {
            return &["xing2"];
        }
        return if view.starts(LINES) || view.after.is_empty() || view.ends("第一 第二 第三 第四 第五 第几")
        {
            &["hang2"]
        } else {
            &["hang2", "xing2"]
        };
    }
    if view.ends("银 央 分 支 总 商 投 农 建 招 琴 洋 同 内 外 各 本 改 转 懂 在 跨 隔 单 双 换 入 车 花 牙 米 这一 那一 哪一 哪 逐 排 发廊") && (view.after.is_empty() || view.starts("业 家 情 长 列 规 当 距 号 里 的人 的") && !view.starts("长途")) && !view.ends("不在 现在 正在 存在 实在") {
        return if view.ends("同 在 花") { &["hang2", "xing2"] } else { &["hang2"] };
    }
    if view.starts("业 家 情 列 规 当 距 长 会 话 伍 间 辈")
        && !view.starts("会议 当然 家里 长途 长达 会不会 话 当时 间距 辈子")
    {
        return if view.starts("长") { &["hang2", "xing2"] } else { &["hang2"] };
    }
    if view.starts("里") && !view.starts("里程") || view.ends("长") && view.after.is_empty() {
        return &["hang2", "xing2"];
    }
    // 行 as a verb shows itself by its neighbours; else it may be a line, a trade or a bank.
    let verb = view.ends("不 还 也 真 就 才 都 挺 可 能 会 要 很 太 最 你 他 她 我 这样 那样 那 这么 步 骑 旅 并 前 先 自 运 实 执 进 举 发 流 通 同 修 飞 航 暂 施 强 横 独 品 德 罪 暴 言 善 五 下 上 出 送 随 穿 爬 滑 夜 逆 平 急 疾 携 缓 直 所 非 没 得 便 即 而 人 车 舟 船")
        || view.starts("不 吗 吧 了 啊 得 驶 走 动 为 之 车 人 政 李 程 礼 贿 骗 刺 医 善 星 书 军 船 刑 使 文 乞 凶 房 踪 装 侠 将 呢 至 经 贩 遍 万里 千里 进 销");
    if verb { &["xing2"] } else { &["xing2", "hang2"] }
}

pub(super) fn zhong(view: &View) -> &'static [&'static str] {
    if view.ends("双 多 三 两 四 几 二 九 层 万 一") && !view.starts("要 量 点 伤 视 于 任 物 力 大 心")
        || view.ends("双 多") && view.after.is_empty()
    {
        return &["chong2"];
    }
    if view.degree() && !view.ends("又 还 不") {
        return &["zhong4"];
    }
    if view.starts("新 复 建 逢 返 申 叠 组 置 庆 阳 蹈 温 洗 拍 开 启 装 画 录 唱 做 写 说 来 看 读 听 抄 考 修 算 打 播 选 设置 归 现 名 走 回 写 唱 印 提 起炉灶 头再 见天日 操旧业 生 整 塑 审 获 游 译 燃 演 聚 圆 出江湖 拾 围 孙 婚") && !view.starts("生产 读音 看重 听力 听 来客 打击 开车 现实 名誉 装备 整治 获 回 考 提 生态 走 洗衣 说") {
        return &["chong2"];
    }
    if view.starts("来 打 说 看 听 读 考 走 回 提 获 洗") {
        return &["chong2", "zhong4"];
    }
    let number = view.after.starts_with(|c: char| "一二两三四五六七八九十百千几数半约达近".contains(c));
    let plainly = number
        || view.after.is_empty()
        || view.prev_tag.starts_with(['n', 'r', 'v', 'u'])
        || view.starts("的 了 得 量 要 点 伤 病 物 任 担 罪 刑 奖 金 赏 工 型 炮 兵 感 油 灾 镇 地 达 于 大 心 力 视 责 税 罚 礼 礼节 男 女 情 义 利 色 拳 击 锤 盐 度 症 机 卡 在 友 过 些 是 很 压 污 武 臣 文 型");
    if plainly { &["zhong4"] } else { &["zhong4", "chong2"] }
}

pub(super) fn jiao(view: &View) -> &'static [&'static str] {
    const AFTER: &str = "了 吧 的 呢 吗 啊 ， 前 后 时 醒 睡 就 都 也 再 去 才 到 以 之 来 能 是 很 真 不 吃";
    if view.ends("午 懒 回笼 美容 囫囵 瞌 困 睡") {
        return &["jiao4"];
    }
    let recent: String = view.before.chars().rev().take(9).collect();
    let slept = recent.contains('睡') || recent.contains('补') && recent.contains('个');
    if slept
        && (view.after.is_empty() || view.starts(AFTER))
        && !view.ends("感 自 察 知 发 不 警 直 错 味 嗅 听 视 触 幻")
    {
        return &["jiao4"];
    }
    if view.ends("一 这 这一 两 个好 大 饱 安稳") && (view.after.is_empty() || view.starts("醒 睡 起 过 到 了"))
    {
        return &["jiao4"];
    }
    if view.starts("得 悟 察 醒 其 着 出 到") || view.ends("感 自 察 知 发 不 警 直 错 味 嗅 听 视 触 幻")
    {
        &["jue2"]
    } else {
        &["jue2", "jiao4"]
    }
}

pub(super) fn dan(view: &View) -> &'static [&'static str] {
    if view.ends("子 炮 炸 导 原子 核 氢 手榴 中 飞 枪 流 臭 催泪 烟雾 燃烧 照明 泥 信号 霰 弹")
        && !view.starts("琴 钢琴 奏 唱 劾")
        || view.starts("药 弓 头 片 壳 夹 道 丸 孔 坑 幕 珠 尽粮")
    {
        return &["dan4"];
    }
    if view.starts("琴 钢琴 吉他 奏 唱 得 了 着 起 一首 一曲 首 曲 古筝 琵琶 棉花 指 开 力 性 簧 回 出 射 跳 走 完 给 过 劾 尽 一 在 贝斯 尤克里里 会儿 两 几 不") || view.prev_tag.starts_with(['v', 'd', 'r']) {
        &["tan2"]
    } else {
        &["tan2", "dan4"]
    }
}

pub(super) fn diao(view: &View) -> &'static [&'static str] {
    if view.ends("音 语 声 曲 强 单 格 色 腔 论 步 对 跑 走 情 低 高 基 笔 抽 外 上 借 征 提 变 这个 那个 什么 同 老 小 大 升 降") && (view.after.is_empty() || view.starts("是 的 很 了 太 不")) || view.starts("走 去 来 离 回 动 查 换 头 子 任 派 遣 研 度 出 用 包 虎 往 入 门 兵 档 令 阅 职 岗") && !view.starts("来调去 动一下 头发") {
        return &["diao4"];
    }
    if view.starts("到")
        && ["部门", "公司", "单位", "总部", "分公司", "学校", "外地", "北京", "上海", "机关", "局", "省", "另"]
            .iter()
            .any(|w| view.after.contains(w))
    {
        return &["diao4"];
    }
    if view.starts("高 低 大 小 好 整 节 成 一 个 味 料 酒 色 停 解 皮 和 配 匀 理 制 教 侃 戏 亮 暗 温 闹 音量 快 慢 准 试 得 到 过 频 控 闹钟 时间 零 羹 速 频 准 座位 价 薪 休 资") || view.after.is_empty() && view.prev_tag.starts_with(['v', 'd']) {
        &["tiao2"]
    } else {
        &["tiao2", "diao4"]
    }
}
