//! The ten dictionaries of the document, sections 1.4 to 1.13.

use crate::dictionary::{Dictionary, dictionaries};

/// The dictionary of a field. `status` gives the outpatient half first; see [`of_section`] for the other.
pub fn of(field: &str) -> Option<&'static Dictionary> {
    DICTIONARIES.iter().find(|dictionary| dictionary.field == field)
}

/// The dictionary of a section of the document, such as `1.9`; `1.11` has the halves `1.11 门诊` and `1.11 住院`.
pub fn of_section(section: &str) -> Option<&'static Dictionary> {
    DICTIONARIES.iter().find(|dictionary| dictionary.section == section)
}

dictionaries! {
    "onepay";
    "1.4" tradeType false "交易类型字典" {
        "hop.account.info" "查询账户信息",
        "hop.trade.recharge" "充值",
        "hop.trade.refund" "退款",
        "hop.trade.query" "查询交易结果",
        "hop.trade.details" "查询交易明细",
    }
    "1.5" depositeType true "充值方式字典" {
        "CASHIER" "收银台",
        "ONE_QR" "一码付",
        "CASH" "现金",
        "POS" "POS刷卡",
        "POS_OFF" "离线POS（HIS脱机交易）",
        // The document prints `TRANS_ UNIT`; the blank is a line break's.
        "TRANS_UNIT" "单位转账",
        "ALI_QR" "支付宝二维码支付",
        "ALI_BAR" "支付宝条形码支付",
        "ALI_APP" "支付宝移动APP支付",
        "ALI_WEB" "支付宝PC网页支付",
        "ALI_WAP" "支付宝手机WAP支付",
        "WX_QR" "微信二维码支付",
        "WX_PUB" "微信公共号支付",
        "WX_BAR" "微信条形码支付",
        "WX_APP" "微信移动APP支付",
        "UP_WEB" "银联网页",
        "UP_WAP" "银联WAP",
        "JKT_APP" "健康通APP",
    }
    "1.6" withdrawMode true "退款方式字典" {
        "0" "现金退款",
        "1" "原路退回",
        "2" "银企直连",
        "3" "医保自费部份退款",
        "4" "离线POS（HIS脱机交易）",
        "5" "单位转账",
    }
    "1.7" result false "交易状态字典" {
        "init" "待交易",
        "succ" "交易成功",
        "fail" "交易失败",
        "exp" "交易异常",
        "ing" "正在交易",
        "closed" "交易关闭",
        "notfound" "交易记录不存在",
    }
    "1.8" accountType true "账户类型字典" {
        "01" "门诊账户",
        "02" "住院账户",
    }
    "1.9" cardType true "卡类型字典" {
        "01" "医（社）保卡",
        "02" "健康卡",
        "03" "就诊卡",
        "04" "身份证",
        "05" "住院病案号",
        "06" "临时卡",
        "07" "腕带编码",
    }
    // The document's title says idType here too; 1.12 is idType, this is the patient's sex.
    "1.10" sex false "性别字典" {
        "1" "男",
        "2" "女",
    }
    "1.11 门诊" status false "账户状态字典（门诊账户状态）" {
        "01" "正常",
        "02" "挂失",
        "03" "冻结",
        "04" "注销",
    }
    "1.11 住院" status false "账户状态字典（住院账户状态）" {
        "01" "在院",
        "02" "出院证明（出院证明才能行结算操作）",
        "03" "出院（出院不能进行充值操作）",
    }
    "1.12" idType true "证件类型字典" {
        "01" "身份证",
    }
    "1.13" channelType true "渠道类型字典" {
        "01" "窗口",
        "02" "自助终端",
        "04" "手机APP",
        "07" "微信小程序",
        "08" "支付宝服务窗",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_names_lead_to_each_other() {
        for dictionary in DICTIONARIES {
            for entry in dictionary.entries {
                assert_eq!(dictionary.name_of(entry.code), Some(entry.name));
                assert_eq!(dictionary.code_of(entry.name), Some(entry.code));
            }
        }
        assert_eq!(of("cardType").unwrap().code_of("腕带编码"), Some("07"));
        assert_eq!(of_section("1.11 住院").unwrap().name_of("01"), Some("在院"));
    }
}
