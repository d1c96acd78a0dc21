//! The dictionaries of the card platform's document: section 4.1, and the codes that 2.2.2 lists with its fields.

use crate::dictionary::{Dictionary, dictionaries};

/// The dictionary of a field.
pub fn of(field: &str) -> Option<&'static Dictionary> {
    DICTIONARIES.iter().find(|dictionary| dictionary.field == field)
}

dictionaries! {
    "glory";
    "2.2.2" gloryType true "减免证类别" {
        "1" "荣誉证",
    }
    "2.2.2" deductionType true "减免项目" {
        "0" "门诊诊查费减免",
        "1" "公交费减免",
        "2" "旅游景点减免",
    }
    "4.1" certType true "证件类型" {
        "0" "身份证",
        "1" "军官证",
        "2" "士兵证",
        "3" "驾驶证",
        "4" "学生证",
        "5" "工作证",
        "6" "护照",
    }
}
