//! `configure`: makes or replaces a profile, from the request or from a file.

use std::io::ErrorKind;

use zeroize::Zeroizing;

use crate::fields::Fields;
use crate::files::{read_text, shown};
use crate::json::{self, Json, Object};
use crate::reply::{Code, Data, Error, Words, words};
use crate::request::Request;
use crate::setting;
use crate::settings::{Profile, registry};

/// `configure`: makes or replaces a profile.
pub fn configure(request: &Request<'_>, data: &mut Data<'_>) -> Result<(), Error> {
    let settings = request.settings();
    let Some(path) = Fields::new(settings, "", Code::BadSettings).string("file")? else {
        return replace(request, settings, request.profile_name()?, data);
    };
    if let Some(other) = setting::profile::NAMES.iter().find(|name| **name != "profile" && settings.get(name).is_some())
    {
        let words = words!("file 与 {other} 不能同时给出", "file and {other} cannot both be given");
        return Err(Error::rejected(Code::BadSettings, format!("/{other}"), words));
    }
    let text = settings_file(path)?;
    let in_file = |error: Error| Error::rejected(Code::BadSettings, "/file", error.details().words.clone());
    match json::read(&text).map_err(|error| in_file(Error::of_json(&error, "")))? {
        Json::Object(content) => {
            let fields = Fields::new(&content, "", Code::BadSettings);
            fields.only(&[setting::profile::NAMES])?;
            let name = match settings.get("profile") {
                Some(_) => request.profile_name()?,
                None => fields.string("profile")?.unwrap_or("default"),
            };
            replace(request, &content, name, data)
        }
        _ => Err(bad_file(words!("配置文件的内容必须是 JSON 对象", "the settings file must hold a JSON object"))),
    }
}

fn bad_file(words: Words) -> Error {
    Error::rejected(Code::BadSettings, "/file", words)
}

/// The file's text, wiped when dropped: it holds secrets.
fn settings_file(path: &str) -> Result<Zeroizing<String>, Error> {
    let read = read_text(path);
    let path = shown(path);
    match read {
        Ok(text) => Ok(Zeroizing::new(text)),
        Err(error) if error.kind() == ErrorKind::InvalidData => {
            Err(bad_file(words!("配置文件 {path} 不是 UTF-8", "the settings file {path} is not UTF-8")))
        }
        Err(error) => {
            Err(bad_file(words!("无法读取配置文件 {path}：{error}", "cannot read the settings file {path}: {error}")))
        }
    }
}

fn replace(request: &Request<'_>, settings: &Object<'_>, name: &str, data: &mut Data<'_>) -> Result<(), Error> {
    let (profile, warnings) = Profile::read(settings, name)?;
    data.string("profile", name);
    if !warnings.is_empty() {
        let list = warnings.iter().map(|words| Json::String(words.text(profile.language).into())).collect();
        data.value("warnings", &Json::Array(list));
    }
    request.makes(&profile);
    registry::put(profile);
    Ok(())
}
