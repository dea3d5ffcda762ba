/** One thing that a text may hold and honest start-up files rarely do. */
export interface ContentPattern {
  readonly what: string;
  readonly pattern: RegExp;
  /** Share of certainty that it adds by itself, 0 to 1. */
  readonly weight: number;
}

/**
 * Ordered by what they say, strongest first. Repetition is bounded everywhere, for the text is the attacker's: each pattern takes
 * time linear in its length.
 */
export const contentPatterns: readonly ContentPattern[] = [
  {
    what: 'pipes a download into an interpreter',
    pattern: /\b(?:curl|wget|fetch|lwp-request|lwp-download|aria2c|axel|lynx|tftp|ftpget|dig|nslookup|drill|host|GET)\b[^\n|;]{0,400}\|(?:[^\n;]{0,200}\|)? *(?:sudo +)?(?:[\w./-]{0,80}\/)?(?:(?:ba|da|z|k|a)?sh|python[\d.]*|perl|ruby|php|node)\b/,
    weight: 0.75,
  },
  {
    what: 'runs what it downloads',
    pattern: /(?:(?:eval|source|\.|-c|(?:sudo +)?(?:[\w./-]{0,80}\/)?(?:(?:ba|da|z|k|a)?sh|python[\d.]*|perl|ruby|php|node)\b)\s+["']?(?:\$\(|<\(|\x60) *\b(?:curl|wget|fetch|lwp-request|lwp-download|aria2c|GET)\b)|(?:\b(?:curl|wget|fetch|lwp-request|lwp-download|aria2c|GET)\b[^\n]{0,400}(?:;|&&) *(?:chmod [^\n;&]{0,100}(?:;|&&) *)?(?:\.\/|\/tmp\/|\/dev\/shm\/|\/var\/tmp\/|(?:sudo +)?(?:[\w./-]{0,80}\/)?(?:(?:ba|da|z|k|a)?sh|python[\d.]*|perl|ruby|php|node)\b +\/))/,
    weight: 0.7,
  },
  { what: 'connects a shell through /dev/tcp', pattern: /\/dev\/(?:tcp|udp)\/[^\s/]{1,255}\/[^\s]{1,10}/, weight: 0.8 },
  {
    what: 'gives a shell to a connection',
    pattern:
      /\b(?:nc|ncat|netcat|nc\.traditional|nc\.openbsd)\b[^\n]{0,200} (?:-[a-z]*[ec] *|--(?:sh-)?exec[ =])["']?\S*(?:sh|python|perl)\b|\bsocat\b[^\n]{0,200}\b(?:exec|system|shell):|\bmkfifo\b[^\n]{0,200}\n?[^\n]{0,200}\b(?:nc|ncat|netcat|telnet|openssl)\b|\b(?:telnet|nc|ncat|netcat|s_client)\b[^\n|]{0,200}\| *(?:\/bin\/)?(?:ba|da|a|z|k)?sh\b/i,
    weight: 0.8,
  },
  {
    what: 'opens a connection and runs a shell over it',
    pattern:
      /socket[^\n]{0,600}(?:pty\.spawn|dup2|subprocess|os\.(?:system|execute|popen)|io\.popen|exec ?[("'{]|\/bin\/(?:ba)?sh)|(?:TCPSocket|fsockopen|IO::Socket|net\.connect|child_process|socket\.tcp|ztcp)[^\n]{0,400}(?:exec|sh\b|spawn|popen)|\bconnect(?:_ex)?\s?\([\s\S]{0,600}?(?:\bdup2\s?\(|\bpty\.spawn\b|["'](?:\/bin\/)?(?:ba|da|a|z)?sh["',\s]{1,4}-i\b)/,
    weight: 0.75,
  },
  { what: 'connects through the network files of awk', pattern: /\/inet[46]?\/(?:tcp|udp)\/\d{1,5}\/[^\s/"]{1,255}\/\w{1,10}/, weight: 0.8 },
  {
    what: 'runs code that it fetches',
    pattern: /\b(?:exec|eval|system|popen|assert)\b[^\n]{0,200}?\b(?:urlopen|urllib|requests\.get|http\.client|LWP::|HTTP::Tiny|Net::HTTP|URI\.open|open-uri|file_get_contents\s?\(\s?["']https?:|get\s?\(?\s?["']https?:)|\b(?:urlopen|requests\.get|LWP::Simple|Net::HTTP|HTTP::Tiny)\b[^\n]{0,200}?\b(?:exec|eval)\b/,
    weight: 0.7,
  },
  {
    what: 'runs what it decodes',
    pattern: /\b(?:base64|base32|xxd|uudecode|openssl|gunzip|zcat|rev|tr)\b[^\n|;]{0,300}\|(?:[^\n;]{0,200}\|)? *(?:sudo +)?(?:[\w./-]{0,80}\/)?(?:(?:ba|da|z|k|a)?sh|python[\d.]*|perl|ruby|php|node)\b|\b(?:eval|exec|assert|system)\b[^\n]{0,80}\b(?:b64decode|base64_decode|decode_base64|fromhex|unhexlify|gzinflate|str_rot13|zlib\.decompress|base64 +-{1,2}d)|(?:sudo +)?(?:[\w./-]{0,80}\/)?(?:(?:ba|da|z|k|a)?sh|python[\d.]*|perl|ruby|php|node)\b +(?:-c +)?["']?(?:\$\(|<\(|\x60)[^\n]{0,200}base64 +-{1,2}d/,
    weight: 0.7,
  },
  { what: 'mines coins', pattern: /\bstratum\+(?:tcp|ssl):\/\/|\bxmrig\b|--donate-level\b|\bcryptonight\b/i, weight: 0.8 },
  { what: 'runs a program out of memory', pattern: /\bmemfd_create\b|\/proc\/self\/fd\/\d+/, weight: 0.5 },
  {
    what: 'preloads a library',
    pattern: /\b(?:LD_PRELOAD|LD_AUDIT)=[^\s"';]/,
    weight: 0.6,
  },
  {
    what: 'has an interpreter start with foreign code',
    pattern: /\b(?:PYTHONSTARTUP|PERL5OPT|PERL5DB|RUBYOPT|NODE_OPTIONS|BASH_ENV|GIT_SSH_COMMAND|PROMPT_COMMAND(?!=["']?(?:history -[acnrw]\b|\$\{?PROMPT_COMMAND\b))|PHPRC|JAVA_TOOL_OPTIONS)=[^\s;]{2}/,
    weight: 0.3,
  },
  {
    what: 'writes to a file that grants access',
    pattern:
      />>? *["']?[^\s"';|&]{0,200}(?:\/etc\/(?:passwd|shadow|group|sudoers|ld\.so\.preload|crontab|cron\.d\/|pam\.d\/|rc\.local)|authorized_keys)|\btee\b[^\n|;]{0,100}(?:\/etc\/(?:passwd|shadow|sudoers|ld\.so\.preload)|authorized_keys)|\bsed\b[^\n;|]{0,20} -i[^\n;|]{0,300}\/etc\/(?:passwd|shadow|group|sudoers|pam\.d\/)|\b(?:cp|mv|install|ln|dd)\b[^\n;|&<>]{0,300}[ =](?:\/etc\/(?:passwd|shadow|sudoers|ld\.so\.preload|cron\.d\/|pam\.d\/)|[\w./~-]{0,100}authorized_keys)[^\s;|&<>]{0,100}\s{0,4}(?:$|[;|&<>])|\bopen\s?\(?\s?["'](?:\/etc\/(?:passwd|shadow|sudoers|ld\.so\.preload)|[^"'\n]{0,100}authorized_keys)[^"'\n]{0,60}["']\s?,\s?["'](?:[aw]|>)/m,
    weight: 0.5,
  },
  {
    what: 'adds an account or changes a password',
    pattern: /\b(?:useradd|adduser|usermod)\b +[^\n]{0,100}|\| *(?:\S{0,40}\/)?(?:ch)?passwd\b|\bpasswd +-d\b/,
    weight: 0.3,
  },
  { what: 'adds a job to a crontab', pattern: /\|\s*(?:\S{0,40}\/)?crontab\s{1,4}(?:-u\s{1,4}\S{1,40}\s{1,4})?-(?:\s|$)/m, weight: 0.4 },
  {
    what: 'sets set-id bits or capabilities',
    pattern: /\bchmod +(?:-\w+ +)?(?:[0-7]?[4-6][0-7]{3}|[ugoa]*\+[rwxt]*s)\b|\bsetcap +\S|\binstall\b[^\n;|&]{0,80} (?:-m|--mode)[ =]?[0-7]?[4-6][0-7]{3}\b|\bchmod\s?\(?[^\n)]{0,80}\b0o?[4-6][0-7]{3}\b/,
    weight: 0.45,
  },
  { what: 'spells commands with wildcards', pattern: /(?:^|[;|&(\x60]\s{0,4}|\bexec\s)\/\w{0,10}\?[\w?]{0,12}\/[\w?]{0,12}\?[\w?]{0,12}/m, weight: 0.55 },
  { what: 'puts commands together out of single letters', pattern: /(?:\$\{\w{1,40}:\d{1,4}:\d{1,2}\}\w{0,4}){2}/, weight: 0.55 },
  { what: 'runs a program under another name', pattern: /\bexec\s{1,4}-\w?a\s{1,4}\S/, weight: 0.4 },
  { what: 'writes to a hidden file where anybody may write', pattern: />>?\s{0,4}["']?\/(?:tmp|var\/tmp|dev\/shm)\/(?:[\w.-]{1,100}\/){0,10}\.\w/, weight: 0.3 },
  {
    what: 'sends files away',
    pattern: /\b(?:curl|wget)\b[^\n|;]{0,300}(?:@|--(?:post|body|upload)-file[ =]|-T *|--upload-file[ =])["']?\/(?:etc\/(?:shadow|passwd|ssh)|root\b|home\b)|\/etc\/(?:shadow|gshadow|ssh\/ssh_host)[^\n]{0,200}\|[^\n]{0,100}\b(?:nc|ncat|netcat|openssl +s_client|socat|curl)\b/,
    weight: 0.5,
  },
  { what: 'covers its traces', pattern: /\bhistory +-c\b|\bHISTFILE=(?:\/dev\/null|["']{2}|$)|\bunset +HISTFILE\b|\bHISTSIZE=0\b|\bshred\b[^\n]{0,80}\/var\/log|> *\/var\/log\/(?:wtmp|btmp|lastlog|auth\.log|secure|messages|syslog)\b/m, weight: 0.45 },
  { what: 'makes files unchangeable', pattern: /\bchattr +[-+=]*[a-zA-Z]*[ia]\b/, weight: 0.3 },
  { what: 'stops protection', pattern: /\bsetenforce +0\b|\b(?:iptables|nft)\b[^\n;]{0,30} (?:-F|flush)\b|\bufw +disable\b|\bsystemctl +(?:stop|disable|mask) +(?:auditd|rsyslog|falco|apparmor|firewalld|ufw)\b|\bauditctl +-e *0\b/, weight: 0.4 },
  { what: 'tunnels out', pattern: /\bssh\b[^\n;|]{0,200} -[a-zA-Z]*R\b|\b(?:chisel|frpc|ngrok|cloudflared(?! {1,10}(?:access|version|--version|update)\b)|gost|bore|rathole|pwncat|sliver)\b +\S/, weight: 0.4 },
  { what: 'fetches from a bare address', pattern: /\b(?:curl|wget|fetch)\b[^\n]{0,200}?\b(?:\d{1,3}\.){3}\d{1,3}\b/, weight: 0.35 },
  { what: 'fetches from the network', pattern: /\b(?:curl|wget|fetch|lwp-request|lwp-download|aria2c|GET)\b(?![^\n|;&]{0,300}(?:-[oO]|--output|>) {0,4}\/dev\/null) +[^\n]{0,100}?(?:https?|ftp):\/\//, weight: 0.2 },
  {
    what: 'runs code given on the command line',
    pattern: /\b(?:python[\d.]*|perl|ruby|php|node|lua) +(?:-[A-Za-z]+ +)*-(?:c|e|r|ne|pe|M\S+ +-e)\b/,
    weight: 0.25,
  },
  { what: 'goes on in the background, cut off from its terminal', pattern: /\b(?:nohup|setsid|disown)\b/, weight: 0.2 },
  { what: 'hides text with control characters', pattern: /\r(?!\n|$)|(?![\n\r\t\f])\p{Cc}/u, weight: 0.6 },
  { what: 'loads a kernel module', pattern: /\b(?:insmod|modprobe -f)\b +\S/, weight: 0.35 },
]; // prettier-ignore
