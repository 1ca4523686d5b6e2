/**
 * What no word of a fixed command may be (docs/security.md, "Fixed commands"), as data. The gate holds the same
 * lists (`deploy/host-gate/autoheal-gate`); a test says that they are equal. All in small letters.
 */

const words = (text: string): readonly string[] => text.split(/\s+/).filter((word) => word !== '');

export type RefusalKind =
  | 'container-engine'
  | 'service-manager'
  | 'power-button'
  | 'socket'
  | 'way-round'
  | 'wrapper'
  | 'shell'
  | 'inline-code'
  | 'destroys';
export type WordTable = Partial<Record<RefusalKind, readonly string[]>>;

/** A word that holds one of these anywhere. */
export const marks: WordTable = {
  'container-engine':
    words(`docker podman containerd nerdctl kubectl kubelet crictl buildah libpod container_host
    :2375 :2376 :2377 :4243`),
  'service-manager': words('systemd systemctl supervisord supervisorctl /init.d/ /rc.d/ /etc/init/'),
  'power-button': words('sysrq initctl poweroff'),
  socket: words('.sock unix: unix-connect unix-client unix-sendto npipe: _socket abstract-connect'),
  'way-round': words('/proc/ /sys/ /dev/fd /dev/tcp /dev/udp /dev/stdin ld-linux ld-musl ld.so'),
};

/**
 * Programs with a name of their own. One counts wherever it stands: as a word, as the last part of a path, as a
 * value after `=`, `:`, `,`, `@`, `+` or `%`; with or without a version (`bash5`, `nsenter-2.38`).
 */
export const names: WordTable = {
  'container-engine':
    words(`ctr crun runc runsc youki lxc lxd lxc-start lxc-stop lxc-attach lxc-execute incus k3s k9s helmfile
    rke2 minikube microk8s k0s kubeadm kustomize apptainer singularity skopeo virsh vagrant terraform tofu
    pulumi ansible ansible-playbook salt-call salt-ssh chef-client rundeck portainer watchtower ctop conmon criu cri-o
    crio umoci rkt machinectl compose testcontainers swarmctl distrobox distrobox-enter waydroid multipass vmrun`),
  'service-manager':
    words(`rc-service rc-update openrc openrc-run openrc-init invoke-rc.d update-rc.d chkconfig
    busctl gdbus qdbus dbus-send dbus-launch dbus-run-session dbus-daemon loginctl homectl portablectl launchctl monit
    pm2 runsv runsvdir runit svscan s6-svc s6-rc s6-rc-change s6-supervise s6-setsid s6-setuidgid s6-softlimit
    s6-envdir s6-sudo dinitctl dinit perpctl nssm svcadm snapctl circusctl immortalctl start-stop-daemon daemonize
    pg_ctl pg_ctlcluster`),
  'power-button':
    words(`halt shutdown reboot telinit kexec rtcwake coldreboot pm-suspend pm-hibernate pm-powersave runit-init
    openrc-shutdown openrc-halt ipmitool acpitool upsdrvctl upscmd`),
  wrapper:
    words(`sudo sudoedit doas pkexec runuser gosu su-exec setpriv capsh chroot schroot fakeroot fakechroot
    proot nsenter unshare bwrap firejail minijail0 setns nohup setsid setarch linux32 linux64 ionice stdbuf unbuffer
    taskset chrt numactl prlimit cgexec cgclassify flock lckdo with-lock-ex run-one run-this-one keep-one-running
    timelimit softlimit chpst envdir envuidgid setuidgid setlock pgrphack fghack argv0 xargs gxargs chronic ifne
    mispipe tmux byobu dtach abduco scriptreplay scriptlive autoexpect rlwrap socat strace ltrace gdb gdbserver lldb
    valgrind bpftrace systemtap uftrace catchsegv eatmydata faketime datefudge torsocks torify proxychains
    proxychains4 tsocks cpulimit nocache busybox toybox sshpass autossh mosh rsh rlogin rexec dbclient plink scp
    sftp pssh pdsh parallel-ssh telnet xvfb-run xinit startx update-alternatives run-parts anacron crontab watchexec
    entr inotifywait nodemon incrond foreman honcho overmind hivemind direnv uvx pipx pipenv tox nox micromamba
    pyenv rbenv nodenv asdf npx pnpx bunx corepack nix-shell nix-env flatpak apt-get aptitude dpkg zypper gmake
    remake mpirun mpiexec orterun srun sbatch salloc qsub torchrun tini dumb-init catatonit coreutils uutils choom uclampset gtimeout gnice gnohup genv gstdbuf inetd xinetd tcpserver
    udpsvd tcpdump tshark ncat netcat logrotate visudo vipw`),
  shell: words(`bash rbash ksh ksh93 mksh pdksh oksh loksh zsh rzsh csh tcsh elvish xonsh murex pwsh
    powershell sash klibc-sh`),
  'inline-code': words('awk gawk mawk nawk gsed ssed vim nvim rvim emacs emacsclient'),
  destroys: words(
    'pkill killall killall5 fuser xkill wipefs blkdiscard mkfs dmsetup ebtables rmmod insmod modprobe',
  ),
  socket: words('curl wget wget2 aria2c websocat httpie curlie'),
};

/** Programs named by an everyday word: as a whole word or as the last part of a path, not as a value. */
export const everydayNames: WordTable = {
  'service-manager': words('service'),
  'power-button': words('init'),
  wrapper:
    words(`nice time watch timeout env exec eval command builtin at batch cron find make script parallel
    screen su ssh sem uv poetry conda expect perf`),
  shell: words('sh ash dash fish'),
  'inline-code': words('sed ed vi ex'),
  destroys: words('kill rm rmdir unlink shred umount dd fdisk parted'),
  socket: words('nc'),
};

/** Programs whose names say too little by themselves: refused as the last part of a path in a system folder. */
export const systemNames: WordTable = {
  'container-engine': words('kind helm oc nomad salt puppet dive toolbox qm pct pod balena ignite kops'),
  'service-manager': words('sv svc svok svcs services supervise upstart god eye daemon s6 initscript'),
  'power-button': words('suspend hibernate off powerctl finit upsc'),
  wrapper:
    words(`gtime gfind i386 x86_64 fd just task most less more man info pg newgrp login start run pty xterm go ant
    lynx w3m links elinks empty forever rr stap trickle mise volta bundle rake thor gem cpan nix guix snap apt yum
    dnf rpm pacman apk brew cmake ninja meson bazel buck scons gradle gradlew mvn sbt cargo ts tsp sg
    sponge vidir vipe pee personality perp argv reflex dvtm accelerate open whiptail dialog keychain ssh-agent pip
    hatch pdm jenv`),
  shell: words('rc es osh ysh nu ion oil posh yash scsh lksh shc'),
  'inline-code': words(`view nano pico joe jed m4 dc bc gnuplot octave maxima gp`),
  destroys:
    words(`skill snice slay srm wipe mkswap sfdisk gdisk mount losetup lvremove vgremove pvremove mdadm zfs
    zpool btrfs iptables ip6tables nft sysctl swapoff chattr setcap`),
  socket: words('xh http https lwp-request'),
};

/** Modules that drive containers or services, run other programs, or take code as an argument (`python -m NAME`). */
export const refusedModules: readonly string[] =
  words(`docker dockerpty compose podman podman_compose aiodocker
  testcontainers kubernetes nomad lxc pylxd pystemd dbus supervisor ansible ansible_runner fabric fab invoke salt
  pexpect ptyprocess plumbum sh subprocess multiprocessing pty code codeop timeit trace profile cprofile pdb bdb
  ipdb pudb runpy asyncio doctest ipython ipykernel jupyter notebook idlelib xonsh coverage debugpy viztracer
  memory_profiler line_profiler kernprof pyinstrument scalene honcho circus pip ensurepip venv virtualenv pipx poetry
  pipenv pdm hatch tox nox conda uv dotenv watchdog watchfiles webbrowser os posix torch accelerate mpi4py horovod
  paramiko asyncssh pydoc lib2to3 zipapp sshuttle ptpython bpython nuitka cython`);

/** Interpreters: they may run a module or a file, never inline code. */
export const interpreters: readonly string[] =
  words(`python pypy node nodejs perl ruby php java deno bun lua luajit
  tclsh jimsh wish rscript julia groovy scala guile racket sbcl clisp ecl ocaml runghc runhaskell escript elixir
  iex swipl gforth qjs jsc d8 rhino jjs jshell tsx ts-node coffee crystal dart dotnet micropython graalpy jython jruby
  truffleruby raku rakudo janet fennel newlisp picolisp`);
