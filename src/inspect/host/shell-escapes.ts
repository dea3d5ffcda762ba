/**
 * Programs that run any command for whoever may start them: shells, interpreters, editors, pagers, and tools with an option for
 * it. Set-id root, or allowed through sudo, each is a root shell. Facts as GTFOBins and the manual pages have them.
 */
export const shellEscapes: ReadonlySet<string> = new Set([
  'sh', 'ash', 'bash', 'csh', 'dash', 'fish', 'ksh', 'mksh', 'tcsh', 'zsh', 'yash', 'rbash', 'busybox', 'toybox', 'screen', 'tmux',
  'awk', 'gawk', 'mawk', 'nawk', 'perl', 'python', 'python2', 'python3', 'ruby', 'irb', 'php', 'lua', 'node', 'deno', 'bun', 'tclsh',
  'expect', 'gdb', 'jrunscript', 'jjs', 'ghc', 'guile', 'octave', 'julia', 'R', 'erl', 'sqlite3', 'mysql', 'psql',
  'vi', 'vim', 'vimdiff', 'view', 'rvim', 'nvim', 'nano', 'pico', 'emacs', 'ed', 'ex', 'joe', 'less', 'more', 'man', 'most', 'pg',
  'find', 'xargs', 'env', 'nice', 'nohup', 'setsid', 'stdbuf', 'timeout', 'time', 'taskset', 'ionice', 'chrt', 'flock', 'watch',
  'strace', 'ltrace', 'script', 'unshare', 'nsenter', 'chroot', 'capsh', 'start-stop-daemon', 'run-parts', 'systemd-run', 'setarch',
  'make', 'cmake', 'gcc', 'g++', 'cc', 'as', 'git', 'hg', 'svn', 'pip', 'npm', 'gem', 'bundle', 'cargo', 'composer', 'rake', 'go',
  'tar', 'zip', 'unzip', 'cpio', 'rsync', 'scp', 'sftp', 'ssh', 'socat', 'nc', 'ncat', 'ftp', 'telnet', 'tftp', 'openssl', 'curl',
  'wget', 'nmap', 'tcpdump', 'docker', 'podman', 'ctr', 'nerdctl', 'kubectl', 'lxc', 'runc', 'crictl', 'dpkg', 'apt', 'apt-get', 'rpm',
  'yum', 'dnf', 'snap', 'cp', 'mv', 'dd', 'tee', 'install', 'ln', 'chmod', 'chown', 'setcap', 'sed', 'base64', 'xxd', 'cat', 'service',
  'crontab', 'at', 'su', 'sudo', 'pkexec', 'doas', 'systemctl', 'journalctl', 'insmod', 'modprobe', 'ld.so', 'ld-linux-x86-64.so.2',
]); // prettier-ignore
