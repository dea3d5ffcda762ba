/**
 * Fields of system call events: name, type and what else is so, one per line. Facts taken from falcosecurity/libs 0.25
 * (`userspace/libsinsp/sinsp_filtercheck_*.cpp`, Apache-2.0).
 */
export const syscallFields = `
evt.abspath CHARBUF arg
evt.arg CHARBUF arg
evt.args CHARBUF
evt.asynctype CHARBUF
evt.buffer BYTEBUF
evt.buflen UINT64
evt.buflen.file UINT64
evt.buflen.file.in UINT64
evt.buflen.file.out UINT64
evt.buflen.in UINT64
evt.buflen.net UINT64
evt.buflen.net.in UINT64
evt.buflen.net.out UINT64
evt.buflen.out UINT64
evt.category CHARBUF
evt.count UINT32
evt.count.error UINT32
evt.count.error.file UINT32
evt.count.error.memory UINT32
evt.count.error.net UINT32
evt.count.error.other UINT32
evt.count.exit UINT32
evt.count.procinfo UINT32
evt.count.threadinfo UINT32
evt.cpu INT16
evt.datetime CHARBUF
evt.datetime.s CHARBUF
evt.deltatime RELTIME
evt.deltatime.ns RELTIME
evt.deltatime.s RELTIME
evt.dir CHARBUF
evt.failed BOOL
evt.hostname CHARBUF
evt.info CHARBUF
evt.infra.docker.container.id CHARBUF
evt.infra.docker.container.image CHARBUF
evt.infra.docker.container.name CHARBUF
evt.infra.docker.name CHARBUF
evt.io_dir CHARBUF
evt.is_async BOOL
evt.is_io BOOL
evt.is_io_read BOOL
evt.is_io_write BOOL
evt.is_open_create BOOL
evt.is_open_exec BOOL
evt.is_open_read BOOL
evt.is_open_write BOOL
evt.is_syslog BOOL
evt.is_wait BOOL
evt.latency RELTIME
evt.latency.human CHARBUF
evt.latency.ns RELTIME
evt.latency.quantized UINT64
evt.latency.s RELTIME
evt.num UINT64
evt.outputtime CHARBUF print-only
evt.plugininfo CHARBUF
evt.pluginname CHARBUF
evt.rawarg DYN arg no-rhs no-transformer
evt.rawres INT64
evt.rawtime ABSTIME
evt.rawtime.ns ABSTIME
evt.rawtime.s ABSTIME
evt.reltime RELTIME
evt.reltime.ns RELTIME
evt.reltime.s RELTIME
evt.res CHARBUF
evt.source CHARBUF
evt.time CHARBUF
evt.time.iso8601 CHARBUF
evt.time.s CHARBUF
evt.type CHARBUF
evt.type.is UINT32 arg
evt.wait_latency RELTIME
fd.cip IPADDR
fd.cip.name CHARBUF no-rhs no-transformer
fd.cnet IPNET filter-only no-rhs no-transformer
fd.connected BOOL
fd.containerdirectory CHARBUF
fd.containername CHARBUF
fd.cport PORT
fd.cproto CHARBUF
fd.dev INT32
fd.dev.major INT32
fd.dev.minor INT32
fd.directory CHARBUF
fd.filename CHARBUF
fd.ino INT64
fd.ip IPADDR filter-only no-rhs no-transformer
fd.is_lower_layer BOOL
fd.is_server BOOL
fd.is_upper_layer BOOL
fd.l4proto CHARBUF
fd.lip IPADDR
fd.lip.name CHARBUF no-rhs no-transformer
fd.lnet IPNET filter-only no-rhs no-transformer
fd.lport PORT
fd.lproto CHARBUF
fd.name CHARBUF
fd.name_changed BOOL
fd.nameraw CHARBUF
fd.net IPNET filter-only no-rhs no-transformer
fd.num INT64
fd.port PORT filter-only no-rhs no-transformer
fd.proto PORT filter-only no-rhs no-transformer
fd.rip IPADDR
fd.rip.name CHARBUF no-rhs no-transformer
fd.rnet IPNET filter-only no-rhs no-transformer
fd.rport PORT
fd.rproto CHARBUF
fd.sip IPADDR
fd.sip.name CHARBUF no-rhs no-transformer
fd.snet IPNET filter-only no-rhs no-transformer
fd.sockfamily CHARBUF
fd.sport PORT
fd.sproto CHARBUF
fd.type CHARBUF
fd.typechar CHARBUF
fd.types CHARBUF list arg? no-rhs
fd.uid CHARBUF
fdlist.cips CHARBUF
fdlist.cports CHARBUF
fdlist.names CHARBUF
fdlist.nums CHARBUF
fdlist.sips CHARBUF
fdlist.sports CHARBUF
fs.path.name CHARBUF
fs.path.nameraw CHARBUF
fs.path.source CHARBUF
fs.path.sourceraw CHARBUF
fs.path.target CHARBUF
fs.path.targetraw CHARBUF
group.gid UINT32
group.name CHARBUF
proc.aargs CHARBUF arg?
proc.acmdline CHARBUF arg? no-rhs no-transformer
proc.aenv CHARBUF arg? no-rhs no-transformer
proc.aexe CHARBUF arg? no-rhs no-transformer
proc.aexepath CHARBUF arg? no-rhs no-transformer
proc.aname CHARBUF arg? no-rhs no-transformer
proc.apid INT64 arg? no-rhs no-transformer
proc.args CHARBUF arg?
proc.cmdlenargs UINT64
proc.cmdline CHARBUF
proc.cmdnargs UINT64
proc.cwd CHARBUF
proc.duration RELTIME
proc.env CHARBUF arg?
proc.exe CHARBUF
proc.exe_ino INT64
proc.exe_ino.ctime ABSTIME
proc.exe_ino.ctime_duration_pidns_start ABSTIME
proc.exe_ino.ctime_duration_proc_start ABSTIME
proc.exe_ino.mtime ABSTIME
proc.exeline CHARBUF
proc.exepath CHARBUF
proc.fdlimit INT64
proc.fdopencount UINT64
proc.fdusage DOUBLE
proc.is_exe_from_memfd BOOL
proc.is_exe_lower_layer BOOL
proc.is_exe_upper_layer BOOL
proc.is_exe_writable BOOL
proc.is_pgid_leader BOOL
proc.is_sid_leader BOOL
proc.is_vpgid_leader BOOL
proc.loginshellid INT64
proc.name CHARBUF
proc.nchilds UINT64
proc.nthreads UINT64
proc.pcmdline CHARBUF
proc.pexe CHARBUF
proc.pexepath CHARBUF
proc.pgid INT64
proc.pgid.exe CHARBUF
proc.pgid.exepath CHARBUF
proc.pgid.name CHARBUF
proc.pid INT64
proc.pid.ts RELTIME
proc.pidns_init_start_ts UINT64
proc.pname CHARBUF
proc.ppid INT64
proc.ppid.duration RELTIME
proc.ppid.ts RELTIME
proc.pvpid INT64
proc.sid INT64
proc.sid.exe CHARBUF
proc.sid.exepath CHARBUF
proc.sname CHARBUF
proc.stderr.name CHARBUF
proc.stderr.type CHARBUF
proc.stdin.name CHARBUF
proc.stdin.type CHARBUF
proc.stdout.name CHARBUF
proc.stdout.type CHARBUF
proc.tty UINT32
proc.vmrss UINT64
proc.vmsize UINT64
proc.vmswap UINT64
proc.vpgid INT64
proc.vpgid.exe CHARBUF
proc.vpgid.exepath CHARBUF
proc.vpgid.name CHARBUF
proc.vpid INT64
syscall.type CHARBUF
thread.cap_effective CHARBUF
thread.cap_inheritable CHARBUF
thread.cap_permitted CHARBUF
thread.cgroup CHARBUF arg
thread.cgroups CHARBUF
thread.cpu DOUBLE
thread.cpu.system DOUBLE
thread.cpu.user DOUBLE
thread.exectime RELTIME
thread.ismain BOOL
thread.nametid CHARBUF
thread.pfmajor UINT64
thread.pfminor UINT64
thread.tid INT64
thread.totexectime RELTIME
thread.vmrss UINT64
thread.vmrss.b UINT64
thread.vmsize UINT64
thread.vmsize.b UINT64
thread.vtid INT64
user.homedir CHARBUF
user.loginname CHARBUF
user.loginuid INT64
user.name CHARBUF
user.shell CHARBUF
user.uid UINT32
util.cnt UINT64
`;
