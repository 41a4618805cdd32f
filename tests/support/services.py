#!/usr/bin/env python3
"""services.py postgres|redis|sentinel [--tls] [arguments of the server…]: a server of one's own, in a folder of its own.

Prints one line of JSON, {"url": …, "socket": …, "port": …, "folder": …}, when it answers. With --tls it
speaks TLS: the certificate.pem and key.pem of its folder are for "localhost", by the authority ca.pem.
PostgreSQL takes connections without TLS too, Redis asks its clients for a certificate. Then each
line of standard input is a command, answered by "ok": `stop` (at once, as in a crash), `start` (again,
on the same port). It ends, and the folder goes, at the end of standard input: whoever started it need
not remember to.
"""
import json
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time

PASSWORD = "portico-test"


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def answers(port):
    try:
        socket.create_connection(("127.0.0.1", port), 1).close()
        return True
    except OSError:
        return False


def make_certificate(folder):
    """A certificate for "localhost" that only ca.pem vouches for."""
    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    (folder / "names").write_text("subjectAltName=DNS:localhost")
    for arguments in (
            ["req", "-x509", *key, "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=test-ca", "-days", "2"],
            ["req", *key, "-keyout", "key.pem", "-out", "request.pem", "-subj", "/CN=localhost"],
            ["x509", "-req", "-in", "request.pem", "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial",
             "-out", "certificate.pem", "-days", "2", "-extfile", "names"]):
        subprocess.run(["openssl", *arguments], cwd=folder, check=True, stdin=subprocess.DEVNULL,
                       capture_output=True)


class Service:
    def __init__(self, arguments):
        self.tls = "--tls" in arguments
        self.arguments = [argument for argument in arguments if argument != "--tls"]
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="portico-service-"))
        self.port = free_port()
        self.process = None
        self.user = None
        if self.tls:
            make_certificate(self.folder)

    def run(self, command, **options):
        return subprocess.Popen(
            [str(part) for part in command], stdin=subprocess.DEVNULL, user=self.user,
            group=self.user and pwd.getpwnam(self.user).pw_gid, extra_groups=[] if self.user else None,
            cwd=self.folder, stdout=open(self.folder / "log", "a"), stderr=subprocess.STDOUT, **options)

    def start(self):
        self.process = self.run(self.command(), start_new_session=True)
        deadline = time.monotonic() + 60
        while not self.is_ready():
            if self.process.poll() is not None or time.monotonic() > deadline:
                raise SystemExit((self.folder / "log").read_text()[-4000:])
            time.sleep(0.02)

    def stop(self):
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, self.how_to_stop)
        if self.process:
            self.process.wait()

    def close(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


class Postgres(Service):
    how_to_stop = signal.SIGQUIT  # "immediate shutdown"

    def __init__(self, arguments):
        super().__init__(arguments)
        self.tools = max(pathlib.Path("/usr/lib/postgresql").glob("*/bin"), default=pathlib.Path())
        if os.geteuid() == 0:  # which it refuses to run as
            self.user = "postgres"
            for path in (self.folder, *self.folder.iterdir()):
                shutil.chown(path, self.user)
        (self.folder / "password").write_text(PASSWORD)
        made = self.run([self.tools / "initdb", "-D", "data", "-U", "portico", "-A", "scram-sha-256",
                         "--auth-local=trust", "--pwfile=password", "-E", "UTF8", "--locale=C.UTF-8",
                         "--no-sync"])
        if made.wait() != 0:
            raise SystemExit((self.folder / "log").read_text())

    def command(self):
        settings = {"port": self.port, "listen_addresses": "127.0.0.1", "max_connections": 200,
                    "unix_socket_directories": self.folder, "fsync": "off",
                    "full_page_writes": "off", "log_statement": "none"}
        if self.tls:
            settings |= {"ssl": "on", "ssl_cert_file": self.folder / "certificate.pem",
                         "ssl_key_file": self.folder / "key.pem"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return [self.tools / "postgres", "-D", "data", *options, *self.arguments]

    def is_ready(self):
        return subprocess.run(
            [self.tools / "pg_isready", "-q", "-h", self.folder, "-p", str(self.port), "-U", "portico",
             "-d", "postgres"]).returncode == 0

    def stop(self):
        # A worker that has not seen the postmaster go yet would keep the new one from starting.
        super().stop()
        (self.folder / "data" / "postmaster.pid").unlink(missing_ok=True)

    def describe(self):
        return {"url": f"postgresql://portico:{PASSWORD}@127.0.0.1:{self.port}/postgres",
                "socket": f"postgresql://portico@/postgres?host={self.folder}&port={self.port}"}


class Redis(Service):
    how_to_stop = signal.SIGKILL

    def command(self):
        ports = ["--port", self.port]
        if self.tls:
            ports = ["--port", "0", "--tls-port", self.port, "--tls-cert-file", "certificate.pem",
                     "--tls-key-file", "key.pem", "--tls-ca-cert-file", "ca.pem"]
        return ["redis-server", *ports, "--bind", "127.0.0.1", "--save", "", "--appendonly", "no",
                "--unixsocket", self.folder / "redis.sock", *self.arguments]

    def is_ready(self):
        # It makes the socket when the port is its own.
        return (self.folder / "redis.sock").exists() and answers(self.port)

    def describe(self):
        return {"url": f"rediss://localhost:{self.port}" if self.tls else f"redis://127.0.0.1:{self.port}/0",
                "socket": f"unix://{self.folder}/redis.sock"}


class Sentinel(Service):
    how_to_stop = signal.SIGKILL

    def command(self):
        (self.folder / "sentinel.conf").write_text(
            f"port {self.port}\nbind 127.0.0.1\ndir {self.folder}\n"
            f"sentinel monitor master 127.0.0.1 {self.arguments[0]} 1\n"
            "sentinel down-after-milliseconds master 500\nsentinel failover-timeout master 5000\n")
        return ["redis-server", "sentinel.conf", "--sentinel"]

    def is_ready(self):
        return answers(self.port)

    def describe(self):
        return {"url": f"redis+sentinel://127.0.0.1:{self.port}/master", "socket": ""}


def start_first(service, tries=5):
    """Another process may have taken the port since it was found free."""
    for left in reversed(range(tries)):
        try:
            return service.start()
        except SystemExit as error:
            if left == 0 or "Address already in use" not in str(error):
                raise
            (service.folder / "log").write_text("")
            service.port = free_port()


def main():
    kinds = {"postgres": Postgres, "redis": Redis, "sentinel": Sentinel}
    if len(sys.argv) < 2 or sys.argv[1] not in kinds:
        raise SystemExit(__doc__)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(1))
    service = kinds[sys.argv[1]](sys.argv[2:])
    try:
        start_first(service)
        print(json.dumps(service.describe() | {"port": service.port, "folder": str(service.folder)}),
              flush=True)
        for line in sys.stdin:
            {"stop": service.stop, "start": service.start}[line.strip()]()
            print("ok", flush=True)
    finally:
        service.close()


if __name__ == "__main__":
    main()
