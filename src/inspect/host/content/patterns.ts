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
    pattern: /\b(?:curl|wget|fetch|lwp-request|lwp-download|aria2c|GET)\b[^\n|;]{0,400}\|(?:[^\n;]{0,200}\|)? *(?:sudo +)?(?:[\w./-]{0,80}\/)?(?:(?:ba|da|z|k|a)?sh|python[\d.]*|perl|ruby|php|node)\b/,
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
      /\b(?:nc|ncat|netcat|nc\.traditional|nc\.openbsd)\b[^\n]{0,200} (?:-[a-z]*[ec] *|--(?:sh-)?exec[ =])["']?\S*(?:sh|python|perl)\b|\bsocat\b[^\n]{0,200}\bexec:|\bmkfifo\b[^\n]{0,200}\n?[^\n]{0,200}\b(?:nc|ncat|netcat|telnet|openssl)\b|\btelnet\b[^\n]{0,100}\| *(?:\/bin\/)?(?:ba)?sh\b/i,
    weight: 0.8,
  },
  {
    what: 'opens a connection and runs a shell over it',
    pattern:
      /socket[^\n]{0,600}(?:pty\.spawn|dup2|subprocess|os\.system|exec ?[("'{]|\/bin\/(?:ba)?sh)|(?:TCPSocket|fsockopen|IO::Socket|net\.connect|child_process)[^\n]{0,400}(?:exec|sh\b|spawn|popen)/,
    weight: 0.75,
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
    pattern: /\b(?:PYTHONSTARTUP|PERL5OPT|PERL5DB|RUBYOPT|NODE_OPTIONS|BASH_ENV|GIT_SSH_COMMAND|PROMPT_COMMAND|PHPRC|JAVA_TOOL_OPTIONS)=[^\s;]{2}/,
    weight: 0.3,
  },
  {
    what: 'writes to a file that grants access',
    pattern:
      />>? *["']?[^\s"';|&]{0,200}(?:\/etc\/(?:passwd|shadow|group|sudoers|ld\.so\.preload|crontab|cron\.d\/|pam\.d\/|rc\.local)|authorized_keys)|\btee\b[^\n|;]{0,100}(?:\/etc\/(?:passwd|shadow|sudoers|ld\.so\.preload)|authorized_keys)/,
    weight: 0.5,
  },
  {
    what: 'adds an account or changes a password',
    pattern: /\b(?:useradd|adduser|usermod|chpasswd)\b +[^\n]{0,100}|\| *passwd\b/,
    weight: 0.3,
  },
  { what: 'sets set-id bits or capabilities', pattern: /\bchmod +(?:[0-7]?[4-6][0-7]{3}|[ugo]*\+s)\b|\bsetcap +\S/, weight: 0.45 },
  { what: 'covers its traces', pattern: /\bhistory +-c\b|\bHISTFILE=(?:\/dev\/null|["']{2}|$)|\bunset +HISTFILE\b|\bHISTSIZE=0\b|\bshred\b[^\n]{0,80}\/var\/log|> *\/var\/log\/(?:wtmp|btmp|lastlog|auth\.log|secure|messages|syslog)\b/m, weight: 0.45 },
  { what: 'makes files unchangeable', pattern: /\bchattr +[-+=]*[a-zA-Z]*[ia]\b/, weight: 0.3 },
  { what: 'stops protection', pattern: /\bsetenforce +0\b|\b(?:iptables|nft)\b[^\n;]{0,30} (?:-F|flush)\b|\bufw +disable\b|\bsystemctl +(?:stop|disable|mask) +(?:auditd|rsyslog|falco|apparmor|firewalld|ufw)\b|\bauditctl +-e *0\b/, weight: 0.4 },
  { what: 'tunnels out', pattern: /\bssh\b[^\n;|]{0,200} -[a-zA-Z]*R\b|\b(?:chisel|frpc|ngrok|cloudflared|gost|bore|rathole|pwncat|sliver)\b +\S/, weight: 0.4 },
  { what: 'fetches from a bare address', pattern: /\b(?:curl|wget|fetch)\b[^\n]{0,200}?\b(?:\d{1,3}\.){3}\d{1,3}\b/, weight: 0.35 },
  { what: 'fetches from the network', pattern: /\b(?:curl|wget|fetch|lwp-request|lwp-download|aria2c|GET)\b +[^\n]{0,100}?(?:https?|ftp):\/\//, weight: 0.2 },
  {
    what: 'runs code given on the command line',
    pattern: /\b(?:python[\d.]*|perl|ruby|php|node|lua) +(?:-[A-Za-z]+ +)*-(?:c|e|r|ne|pe|M\S+ +-e)\b/,
    weight: 0.25,
  },
  { what: 'goes on in the background, cut off from its terminal', pattern: /\b(?:nohup|setsid|disown)\b/, weight: 0.2 },
  { what: 'hides text with control characters', pattern: /\r(?!\n|$)|(?![\n\r\t\f])\p{Cc}/u, weight: 0.6 },
  { what: 'loads a kernel module', pattern: /\b(?:insmod|modprobe -f)\b +\S/, weight: 0.35 },
]; // prettier-ignore
