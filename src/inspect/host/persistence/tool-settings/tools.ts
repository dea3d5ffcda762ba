/** A tool that reads settings by itself which may hold commands. */
export interface Tool {
  readonly name: string;
  /** Below each home. */
  readonly files: readonly string[];
  readonly folders?: readonly string[];
  /** For everybody. */
  readonly system?: readonly string[];
  readonly systemFolders?: readonly string[];
  /** A line's or a call's command, in its group `command`; flags g and m. */
  readonly pattern: RegExp;
  /** How odd it is that it starts something. */
  readonly weight: number;
  /** Settings that say something whatever they run. */
  readonly doors?: readonly { readonly pattern: RegExp; readonly what: string; readonly weight: number }[];
}

/** Never matches: for tools of which only the doors count. */
const nothing = /(?!)/g;
/** Who delivers packages decides what is run: an address without a name, and without a certificate that is checked, is nobody's. */
const bareSource = 'takes packages from a bare address without encryption';

/** Calls of Python, Lua and the like with a text. */
const scriptCalls =
  /\b(?:system|popen|execute|shell_exec|spawn|call|run|check_output|Popen)\s{0,4}\(\s{0,4}\[?\s{0,4}(?:"(?<double>[^"\n]{1,2000})"|'(?<single>[^'\n]{1,2000})')/g;

export const tools: readonly Tool[] = [
  {
    name: 'vim',
    files: ['.vimrc', '.exrc', '.gvimrc', '.vim/vimrc', '.config/nvim/init.vim'],
    folders: ['.vim/plugin', '.vim/autoload', '.vim/ftdetect', '.vim/after/plugin', '.config/nvim/plugin'],
    system: ['/etc/vim/vimrc', '/etc/vim/vimrc.local', '/etc/vimrc', '/etc/xdg/nvim/sysinit.vim'],
    systemFolders: ['/usr/share/vim/vimfiles/plugin', '/etc/vim/plugin'],
    pattern:
      /^(?!\s{0,40}")[^\n]{0,400}?(?:\bsilent!?\s{1,4}!|^\s{0,40}:?!|\b(?:call\s{1,4}|=\s{0,4}|eval\s{1,4})(?:system|job_start|termopen|jobstart)\s{0,4}\(\s{0,4}["']|\bos\.(?:system|popen)\s{0,4}\(\s{0,4}["'])(?<command>[^\n]{1,2000})/gm,
    weight: 0.2,
  },
  { name: 'neovim', files: ['.config/nvim/init.lua'], folders: ['.config/nvim/lua'], pattern: scriptCalls, weight: 0.2 },
  {
    name: 'emacs',
    files: ['.emacs', '.emacs.d/init.el', '.emacs.d/early-init.el', '.config/emacs/init.el'],
    system: ['/etc/emacs/site-start.el', '/usr/share/emacs/site-lisp/site-start.el'],
    systemFolders: ['/etc/emacs/site-start.d'],
    pattern:
      /\(start-process(?:-shell-command)?\s{1,4}"[^"\n]{0,200}"\s{1,4}\S{1,200}\s{1,4}"(?<double>[^"\n]{1,2000})"|\((?:call-process(?:-shell-command)?|async-shell-command|shell-command(?:-to-string)?)\s{1,4}"(?<single>[^"\n]{1,2000})"/g,
    weight: 0.15,
  },
  { name: 'less', files: ['.lessfilter'], pattern: /^(?!#)(?<command>[^\n]{1,2000})/gm, weight: 0.05 },
  {
    name: 'tmux',
    files: ['.tmux.conf', '.config/tmux/tmux.conf'],
    system: ['/etc/tmux.conf'],
    pattern:
      /^[^#\n]{0,200}\b(?:run-shell|run|if-shell|pipe-pane|default-command)\s{1,4}(?:-\w+\s{1,4})*["']?(?<command>[^\n"']{1,2000})/gm,
    weight: 0.1,
  },
  {
    name: 'screen',
    files: ['.screenrc'],
    system: ['/etc/screenrc'],
    pattern: /^\s{0,40}(?:screen|exec|backtick\s{1,4}\d{1,9}\s{1,4}\d{1,9}\s{1,4}\d{1,9})\s{1,4}(?:-\w\s{1,4}\S{1,40}\s{1,4}|\d{1,4}\s{1,4})*(?<command>[^\n]{1,2000})/gm,
    weight: 0.1,
  },
  {
    name: 'gdb',
    files: ['.gdbinit', '.config/gdb/gdbinit', '.lldbinit'],
    system: ['/etc/gdb/gdbinit'],
    systemFolders: ['/etc/gdb/gdbinit.d'],
    pattern:
      /^\s{0,40}(?:shell|!|source|platform shell|python\s{1,4}[^\n]{0,200}(?:system|popen|run)\s{0,4}\(["'])\s{0,4}(?<command>[^\n]{1,2000})/gm,
    weight: 0.2,
  },
  {
    name: 'psql',
    files: ['.psqlrc', '.sqliterc', '.mylogin.cnf.sql'],
    system: ['/etc/postgresql-common/psqlrc'],
    pattern: /^\s{0,40}(?:\\!|\.shell|\.system)\s{0,4}(?<command>[^\n]{1,2000})/gm,
    weight: 0.3,
  },
  {
    name: 'readline',
    files: ['.inputrc'],
    system: ['/etc/inputrc'],
    // A key that types a command and its line feed.
    pattern: /^\s{0,40}"[^"\n]{1,40}"\s{0,4}:\s{0,4}"(?<command>[^\n]{1,2000}(?:\\n|\\C-m|\\r))"/gim,
    weight: 0.2,
  },
  {
    name: 'Python',
    files: ['.pythonrc', '.pythonrc.py', '.pdbrc', '.pdbrc.py'],
    folders: ['.ipython/profile_default/startup', '.jupyter', '.config/matplotlib'],
    systemFolders: ['/etc/ipython/startup'],
    pattern: scriptCalls,
    weight: 0.2,
  },
  {
    name: 'Ruby, R and Perl',
    files: ['.irbrc', '.pryrc', '.Rprofile', '.perldb', '.gemrc'],
    system: ['/etc/R/Rprofile.site', '/etc/irbrc', '/etc/gemrc'],
    pattern: scriptCalls,
    weight: 0.2,
  },
  {
    name: 'wget or curl',
    files: ['.wgetrc', '.curlrc', '.config/curlrc', '.config/wget/wgetrc'],
    system: ['/etc/wgetrc', '/etc/wget2rc'],
    pattern: /^[ \t]{0,40}use_askpass\s{0,10}=\s{0,10}(?<command>[^\n]{1,2000})/gm,
    weight: 0.25,
    doors: [
      { pattern: /^[ \t]{0,40}-{0,2}(?:output(?:-dir|_document)?|o)\s{0,10}[ =:]\s{0,10}"?\/(?:etc|usr|root|home|lib|var\/spool)\/\S{1,400}/m, what: 'writes each download over a file of the system', weight: 0.75 },
      { pattern: /^[ \t]{0,40}-{0,2}(?:all_|https?_)?proxy\s{0,10}[ =:]\s{0,10}"?(?:https?:\/\/)?(?:\d{1,3}\.){3}\d{1,3}[^\n]{0,200}[\s\S]{0,2000}?^[ \t]{0,40}-{0,2}(?:insecure|k|check_certificate\s{0,10}=\s{0,10}off)\b/m, what: 'sends downloads through a bare address and checks no certificate', weight: 0.5 },
    ],
  },
  {
    name: 'npm or yarn',
    files: ['.npmrc', '.yarnrc', '.yarnrc.yml'],
    system: ['/etc/npmrc', '/usr/etc/npmrc'],
    pattern: /^[ \t]{0,40}yarn(?:-p|P)ath:?\s{1,10}"?(?<command>[^"\n]{1,2000})/gm,
    weight: 0.05,
    doors: [{ pattern: /^[ \t]{0,40}(?:@\S{1,100}:)?(?:registry|npmRegistryServer)\s{0,10}[=: ]\s{0,10}"?http:\/\/(?!127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)(?:\d{1,3}\.){3}\d{1,3}\S{0,200}/m, what: bareSource, weight: 0.5 }],
  },
  {
    name: 'pip',
    files: ['.pip/pip.conf', '.config/pip/pip.conf', '.pydistutils.cfg', '.config/uv/uv.toml'],
    system: ['/etc/pip.conf', '/etc/xdg/pip/pip.conf', '/etc/uv/uv.toml'],
    pattern: nothing,
    weight: 0,
    doors: [{ pattern: /^[ \t]{0,40}(?:extra-)?(?:index[-_]url|find-links|url)\s{0,10}=\s{0,10}"?http:\/\/(?!127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)(?:\d{1,3}\.){3}\d{1,3}\S{0,200}/m, what: bareSource, weight: 0.5 }],
  },
  {
    name: 'cargo',
    files: ['.cargo/config', '.cargo/config.toml'],
    pattern: /^[ \t]{0,40}(?:rustc|rustc-wrapper|rustc-workspace-wrapper|rustdoc|runner|linker|credential-provider|global-credential-providers)\s{0,10}=\s{0,10}\[?\s{0,10}["'](?<command>[^\n]{1,2000})/gm,
    weight: 0.05,
    doors: [{ pattern: /^[ \t]{0,40}(?:registry|index)\s{0,10}=\s{0,10}"(?:sparse\+)?http:\/\/(?!127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)(?:\d{1,3}\.){3}\d{1,3}[^"\n]{0,200}/m, what: bareSource, weight: 0.5 }],
  },
  {
    name: 'Maven or Gradle',
    files: ['.m2/settings.xml', '.mavenrc', '.gradle/gradle.properties', '.config/maven/settings.xml'],
    system: ['/etc/mavenrc', '/etc/maven/settings.xml', '/usr/share/maven/conf/settings.xml'],
    // Agents run inside each build.
    pattern: /-(?:javaagent:|agentpath:)(?<command>\/[^\s"'=]{1,400})/g,
    weight: 0.35,
    doors: [{ pattern: /<url>\s{0,20}http:\/\/(?!127\.|10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)(?:\d{1,3}\.){3}\d{1,3}[^<\n]{0,200}/, what: bareSource, weight: 0.5 }],
  },
  {
    name: 'Ansible',
    files: ['.ansible.cfg'],
    system: ['/etc/ansible/ansible.cfg'],
    pattern: /^[ \t]{0,40}(?:vault_password_file|(?:callback|connection|lookup|filter|action|strategy|inventory|vars)_plugins|library|module_utils|become_exe|ssh_executable)\s{0,10}=\s{0,10}(?<command>[^\n]{1,2000})/gm,
    weight: 0.05,
  },
  {
    name: 'lesskey, nano or mutt',
    files: ['.lesskey', '.config/lesskey', '.nanorc', '.config/nano/nanorc', '.muttrc', '.mutt/muttrc', '.config/mutt/muttrc'],
    system: ['/etc/nanorc', '/etc/Muttrc', '/etc/syslesskey', '/etc/lesskey'],
    pattern: /(?:^[ \t]{0,40}LESS(?:OPEN|CLOSE)\s{0,10}=\s{0,10}\|?-?|^[ \t]{0,40}set\s{1,10}(?:speller|sendmail|editor|print_command|query_command|display_filter|ispell)\s{0,10}=?\s{0,10}["']?|^[ \t]{0,40}(?:source\s{1,10}["'](?=[^"'\n]{1,400}\|["'])|macro\s[^\n]{1,100}<shell-escape>))(?<command>[^\n"']{1,2000})/gm,
    weight: 0.1,
  },
  {
    name: 'vim or emacs',
    files: [],
    folders: ['.vim/after/ftplugin', '.vim/ftplugin', '.vim/syntax', '.config/nvim/after/plugin', '.local/share/nvim/site/plugin', '.emacs.d/lisp'],
    systemFolders: ['/usr/share/vim/vimfiles/ftplugin', '/usr/local/share/vim/vimfiles/plugin', '/usr/share/nvim/site/plugin', '/usr/local/share/emacs/site-lisp'],
    pattern: /\b(?:system|job_start|jobstart|termopen|execute|popen|shell-command|call-process)\s{0,4}\(?\s{0,4}["'](?<command>[^\n]{1,2000})/g,
    weight: 0.1,
  },
]; // prettier-ignore
