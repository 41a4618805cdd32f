#include "guard/detection/shell_words.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <span>

namespace portico::guard::detail {
namespace {

// clang-format off
constexpr auto kOdd = std::to_array<std::string_view>({
    "7za", "7zr", "aa-complain", "aa-disable", "aa-enforce", "aa-exec", "aa-remove-unknown",
    "aa-status", "aa-teardown", "add-type", "agetty", "ansible-config", "ansible-console",
    "ansible-doc", "ansible-galaxy", "ansible-inventory", "ansible-pull", "ansible-vault",
    "apt-key", "arecord", "arping", "ascii-xfr", "ascii85", "at.exe", "base32", "base58", "basenc",
    "bcdboot", "bcdedit", "bitsadmin", "blkid", "bpftool", "bpftrace", "bsdcat", "bsdcpio",
    "bsdtar", "bunzip2", "busctl", "byebug", "bzcat", "bzdiff", "bzegrep", "bzgrep", "c89", "c99",
    "cabal", "cacls", "capsh", "certutil", "chage", "chattr", "check_by_ssh", "check_cups",
    "check_log", "check_memory", "check_raid", "chef-client", "chef-run", "chef-shell", "chef-solo",
    "chfn", "chgrp", "chkconfig", "choom", "chpasswd", "chsh", "cipher.exe", "cmdkey", "cmstp",
    "cobc", "compmgmt", "convertto-securestring", "copy-item", "cowthink", "cpio", "cpulimit",
    "crackmapexec", "cscli", "cscript", "csplit", "csvtool", "cupsfilter", "dash.exe", "ddrescue",
    "debugfs", "defrag", "delgroup", "deluser", "dhclient", "diskpart", "diskshadow", "dism",
    "dmesg", "dmidecode", "dmsetup", "dnsmasq", "doas", "dosfsck", "dpkg-reconfigure", "dsacls",
    "dsquery", "dstat", "dumpe2fs", "dvips", "easyrsa", "ebtables", "efax", "esentutl", "ethtool",
    "eventvwr", "exiftool", "extrac32", "fakeroot", "findstr", "fltmc", "foreach-object",
    "forfiles", "fping", "fsutil", "ftype", "fusermount", "gcore", "genisoimage", "get-childitem",
    "get-command", "get-content", "get-history", "get-item", "get-process", "get-service",
    "get-wmiobject", "getcap", "getent", "getfacl", "getmac", "ghci", "ginsh", "gpasswd",
    "gpresult", "gpupdate", "groupadd", "groupdel", "groupmod", "grpck", "gtester", "gzcat",
    "gzexe", "hexedit", "hostnamectl", "hping3", "htdigest", "htpasswd", "icacls", "ifconfig",
    "ifquery", "iftop", "inetcpl", "infocmp", "invoke-command", "invoke-expression", "invoke-item",
    "invoke-restmethod", "invoke-webrequest", "ionice", "iotop", "ip6tables", "ipconfig",
    "ipmitool", "iptables-save", "ispell", "iwconfig", "jjs", "jrunscript", "kadmin", "killall",
    "kinit", "ksshell", "kubeadm", "lastb", "lastcomm", "lastlog", "lastlogin", "ldapsearch",
    "ldconfig", "ldd", "lftpget", "libtool", "linpeas", "loginctl", "logname", "logrotate",
    "lpadmin", "lpstat", "ls-f", "lsattr", "lsb_release", "lsblk", "lscpu", "lshw", "lsmod",
    "lspci", "lsusb", "ltrace", "lwp-download", "lwp-dump", "lwp-mirror", "lwp-request", "lzcat",
    "lzcmp", "lzdiff", "lzegrep", "lzfgrep", "lzgrep", "lzless", "makecab", "mdadm", "mkfifo",
    "mknod", "mkpasswd", "modinfo", "modprobe", "mofcomp", "move-item", "msfconsole", "msfvenom",
    "msgattrib", "msgcat", "msgconv", "msgfilter", "msgmerge", "msguniq", "mshta", "msiexec",
    "mysqldumpslow", "mysqlhotcopy", "mysqlshow", "mysqltuner", "nawk", "nbtstat", "nc.openbsd",
    "nc.traditional", "ncat", "ndiff", "netsh", "new-item", "new-object", "ngrep", "nmcli",
    "nologin", "nroff", "nsenter", "nslookup", "ntdsutil", "nvidia-smi", "odbcconf", "opkg",
    "out-file", "p7zip", "partprobe", "pcalua", "perlsh", "pftp", "pgrep", "php-cgi", "phpize",
    "pkexec", "pkg_info", "pktmon", "pmap", "pnpm", "powercfg", "printenv", "procdump", "psexec",
    "psftp", "pwdx", "py.exe", "pyversions", "qprocess", "qwinsta", "rasdial", "rbash", "rdesktop",
    "reg.exe", "regasm", "regedit", "regini", "regsvcs", "regsvr32", "remove-item", "rename.ul",
    "rlogin", "rlwrap", "rmmod", "rmt", "rmt-dump", "rmt-tar", "route.exe", "rpcclient", "rpcinfo",
    "rpm2cpio", "rpmdb", "rpmquery", "rpmverify", "rsyslogd", "rtorrent", "run-mailcap",
    "run-parts", "rundll32", "runuser", "rview", "rvim", "sash", "scanmem", "schtasks", "secpol",
    "secretsdump", "select-string", "set-content", "set-executionpolicy", "set-itemproperty",
    "setarch", "setcap", "setenforce", "setfacl", "setlock", "setsid", "sh.distrib", "sha1sum",
    "sha224sum", "sha256sum", "sha384sum", "sha512sum", "showmount", "shuf", "sigverif",
    "smbclient", "smbexec", "smbmap", "soelim", "ss-local", "ssh-copy-id", "ssh-keyscan",
    "start-service", "start-stop-daemon", "stdbuf", "stop-process", "stop-service", "su.exe",
    "sudoedit", "sysctl", "systemd-resolve", "systeminfo", "tailf", "takeown", "taskkill",
    "tasklist", "tasksche", "taskset", "tclsh", "tcping", "tcptraceroute", "telinit", "timedatectl",
    "tmpwatch", "tracepath", "traceroute6", "tracert", "tshark", "tzselect", "umount", "unalias",
    "uname", "uncompress", "unexpand", "unlzma", "unpigz", "unrar", "unshare", "unsquashfs", "unxz",
    "unzstd", "update-alternatives", "userdel", "utilman", "uudecode", "uuencode", "vidir", "vigr",
    "vipw", "visudo", "vmstat", "volatility", "vssadmin", "wbadmin", "wevtutil", "whoami", "whodo",
    "winpeas", "winrm", "winrs", "wmic", "wpscan", "wscript", "wsmprovhost", "wsreset", "wusa",
    "xdg-open", "xetex", "xmllint", "xmodmap", "xmore", "xpad", "xwizard", "xxd", "xzcat", "xzcmp",
    "xzdiff", "xzegrep", "xzfgrep", "xzgrep", "xzless", "xzmore", "yarnpkg", "yelp", "ypcat",
    "zathura", "zcat", "zcmp", "zdiff", "zegrep", "zfgrep", "zgrep", "zless", "zmore", "zoelim",
    "zpaq", "zsoelim", "zstdcat", "zstdgrep", "zstdless", "zstdmt", "zypper",
});
constexpr auto kSure = std::to_array<std::string_view>({
    "7z", "adduser", "ansible", "ansible-playbook", "apt-cache", "apt-get", "aria2c", "awk", "aws",
    "base64", "busybox", "bzip2", "certbot", "chmod", "chown", "chroot", "cowsay", "cpan",
    "crontab", "curl", "dnf", "docker-compose", "dosbox", "dpkg", "egrep", "eqn", "espeak",
    "faillog", "fdisk", "fgrep", "fsck", "g++", "gawk", "gdb", "gimp.exe", "grep", "gunzip", "gzip",
    "hashcat", "hd", "hexdump", "hostid", "htop", "ifdown", "ifup", "impacket", "iptables", "irm",
    "iwr", "journalctl", "klist", "kmod", "ksh", "kubectl", "latexmk", "lftp", "lsof", "lualatex",
    "luatex", "lzma", "lzmore", "mawk", "mkfs", "mksh", "mktemp", "mosquitto", "msbuild", "mtr",
    "mysqladmin", "mysqldump", "nasm", "ncdu", "netcat", "netstat", "nft", "nikto", "nltest",
    "nmap", "nohup", "npx", "openssl", "pacman", "parted", "passwd", "pdflatex", "pdftex", "php5",
    "php7", "php8", "ping6", "pipx", "pkill", "popd", "powershell", "procmail", "psql", "ptx",
    "pushd", "pwsh", "pydoc", "python2", "python3", "qemu-img", "rcp", "restic", "rmdir",
    "robocopy", "rsh", "rsync", "runas", "scp", "scrcpy", "screencapture", "sdiff", "sftp", "socat",
    "softlimit", "sqlcmd", "sqlite3", "sqlmap", "ssh-add", "ssh-agent", "ssh-keygen", "sshpass",
    "start-process", "strace", "stty", "sudo", "svn", "systemctl", "tac", "tcpdump", "tcsh",
    "telnet", "tftp", "traceroute", "ulimit", "uniq", "unset", "unzip", "uptime", "useradd",
    "usermod", "vboxmanage", "vimdiff", "w3m", "wget", "xargs", "xcopy", "xdotool", "xelatex",
    "xterm", "yash", "zrun", "zsh", "zstd",
});
constexpr auto kVague = std::to_array<std::string_view>({
    "alias", "ant", "apache2", "apt", "ar", "arch", "arp", "as", "ash", "aspell", "assoc", "at",
    "atrm", "attrib", "basename", "bash", "batch", "bc", "bg", "bind", "break", "bridge", "builtin",
    "bundle", "bundler", "cal", "calc", "call", "cancel", "case", "cat", "cc", "cd", "chdir",
    "check", "choco", "chocolatey", "clang", "clear", "cls", "cmd", "cmp", "col", "color", "column",
    "comm", "command", "comp", "compact", "composer", "continue", "convert", "copy", "cp", "crash",
    "csh", "cut", "dash", "date", "dc", "dd", "declare", "del", "dependency", "df", "dialog",
    "diff", "dig", "dir", "dirname", "dirs", "dnsdomainname", "do", "docker", "done", "driverquery",
    "du", "echo", "ed", "elif", "emacs", "enable", "end", "env", "erase", "esac", "eval", "ex",
    "exec", "exit", "expand", "expect", "export", "expr", "facter", "factor", "false", "fc", "fg",
    "fi", "field", "file", "find", "finger", "fish", "fmt", "fold", "for", "format", "free", "ftp",
    "function", "gcc", "gem", "genie", "getopts", "ghc", "gimp", "git", "go", "gpg", "grc", "group",
    "groups", "halt", "hash", "head", "helm", "help", "history", "host", "hostname", "hugs", "hup",
    "iconv", "id", "if", "info", "init", "install", "ip", "irb", "jar", "java", "javac", "jdb",
    "job", "jobs", "join", "jq", "kill", "knife", "last", "latex", "ldapmodify", "less", "let",
    "link", "ln", "local", "locate", "lock", "login", "logoff", "logout", "logsave", "look", "lp",
    "ls", "lua", "lynx", "m4", "mail", "mailx", "make", "man", "mc", "md", "mdb", "mesg", "message",
    "mkdir", "mode", "mongo", "mongod", "mongosh", "more", "mount", "move", "mpg123", "mutt", "mv",
    "mysql", "mysqlimport", "nano", "nc", "net", "newgrp", "nice", "nl", "nm", "node", "nodejs",
    "npm", "nsupdate", "octave", "od", "open", "pandoc", "paste", "patch", "path", "pax", "pdb",
    "perf", "perl", "pg", "php", "pic", "pico", "ping", "pip", "pip3", "pkg", "podman", "postfix",
    "postgres", "pr", "print", "printf", "process", "prompt", "pry", "ps", "psed", "puppet", "push",
    "pwd", "python", "query", "quit", "rake", "rar", "ras", "rd", "rdoc", "read", "readlink",
    "realpath", "reboot", "redis-cli", "reg", "rem", "ren", "rename", "replace", "reset", "rev",
    "rm", "route", "rpm", "ruby", "rust", "rustc", "sc", "screen", "script", "sed", "select", "seq",
    "service", "set", "setx", "sh", "shift", "shred", "shutdown", "size", "sleep", "sort", "source",
    "split", "spool", "ss", "ssh", "start", "stat", "stop", "strings", "su", "subst", "sum",
    "suspend", "sync", "tail", "tar", "task", "tasks", "tbl", "tee", "terraform", "test", "then",
    "tic", "time", "timeout", "title", "tmux", "top", "touch", "tr", "trap", "tree", "troff",
    "true", "tty", "type", "ul", "umask", "unlink", "until", "up", "use", "users", "vagrant",
    "valgrind", "varnishd", "ver", "verify", "vi", "view", "vim", "vol", "w", "wait", "wall",
    "watch", "where", "whereis", "which", "while", "who", "whois", "wish", "write", "xz", "yarn",
    "yes", "yum", "zdump", "zip", "zone",
});
constexpr auto kRunners = std::to_array<std::string_view>({
    "builtin", "busybox", "cmd", "command", "doas", "env", "eval", "exec", "ionice", "nice", "nohup",
    "setsid", "stdbuf", "strace", "sudo", "time", "timeout", "watch", "xargs",
});
// clang-format on
static_assert(std::ranges::is_sorted(kRunners));

struct Known {
    std::string_view word;
    ShellWord kind = ShellWord::none;
};

constexpr std::size_t kPlaces = 4096;  // A power of two, a few times the words.

constexpr std::size_t place_of(std::string_view word) noexcept {
    std::uint32_t hash = 2166136261;  // FNV-1a
    for (const char c : word) hash = (hash ^ static_cast<unsigned char>(c)) * 16777619;
    return (hash ^ (hash >> 15)) % kPlaces;
}

/// By hash; one that finds its place taken is in the next that is free.
constexpr auto kKnown = [] {
    std::array<Known, kPlaces> known{};
    const auto add = [&](std::span<const std::string_view> words, ShellWord kind) {
        for (const auto word : words) {
            std::size_t at = place_of(word);
            while (!known[at].word.empty()) at = (at + 1) % kPlaces;
            known[at] = {word, kind};
        }
    };
    add(kOdd, ShellWord::odd);
    add(kSure, ShellWord::sure);
    add(kVague, ShellWord::vague);
    return known;
}();

}  // namespace

ShellWord shell_word(std::string_view word) noexcept {
    for (std::size_t at = place_of(word); !kKnown[at].word.empty(); at = (at + 1) % kPlaces) {
        if (kKnown[at].word == word) return kKnown[at].kind;
    }
    return ShellWord::none;
}

bool runs_another(std::string_view word) noexcept {
    return std::ranges::binary_search(kRunners, word);
}

}  // namespace portico::guard::detail
