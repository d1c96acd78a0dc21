# Follows the relative links of a Markdown file: awk -v mode=MODE -v file=NAME -f links.awk PATHS FILE
#
# PATHS lists what there is, a path a line; NAME is the file's own path among them. MODE `rewrite` prints the file, with
# each link to what is not there replaced by its text; MODE `check` prints the targets that are not there.

# The file's own folder, then the target, with `.` and `..` followed; empty where it leads out.
function resolved(target, parts, kept, count, depth, i, path) {
    path = file
    if (!sub(/[^\/]*$/, "", path)) path = ""
    count = split(path target, parts, "/")
    depth = 0
    for (i = 1; i <= count; i++) {
        if (parts[i] == "" || parts[i] == ".") continue
        if (parts[i] == "..") { if (--depth < 0) return ""; continue }
        kept[++depth] = parts[i]
    }
    path = ""
    for (i = 1; i <= depth; i++) path = path (i > 1 ? "/" : "") kept[i]
    return path
}

function is_there(target) {
    if (target ~ /^#/ || target ~ /^[a-z]+:/) return 1
    sub(/#.*/, "", target)
    return resolved(target) in known
}

# One line with its links settled.
function settled(line, out, before, link, text, target, split_at) {
    out = ""
    while (match(line, /\[[^][]*\]\([^()]*\)/)) {
        link = substr(line, RSTART, RLENGTH)
        before = out substr(line, 1, RSTART - 1)
        out = before
        line = substr(line, RSTART + RLENGTH)
        split_at = index(link, "](")
        text = substr(link, 2, split_at - 2)
        target = substr(link, split_at + 2, length(link) - split_at - 2)
        if (gsub(/`/, "", before) % 2 || is_there(target)) { out = out link; continue }
        if (mode == "check") print file ": " target
        out = out text
    }
    return out line
}

FNR == NR { known[$0] = 1; next }
{ sub(/\r$/, "") }
/^ *```/ { fenced = !fenced }
{ line = fenced ? $0 : settled($0) }
mode == "rewrite" { print line }
