"""`portico-api migrate`, and servers that start on a database that is empty, behind, or somebody's."""

import os
import pathlib
import subprocess
import tempfile
import unittest

import database
from contract import race
from server import EXECUTABLE, SECRET, Server

MIGRATIONS = pathlib.Path(__file__).parent.parent.parent / "apps" / "reference" / "migrations"
LABELS = ["0001_create_users", "0002_create_items", "0003_create_tokens"]


class Migrate(unittest.TestCase):
    def setUp(self):
        self.temporary = tempfile.TemporaryDirectory()
        self.addCleanup(self.temporary.cleanup)
        self.folder = self.temporary.name
        self.database = database.database_in(self.folder)
        self.addCleanup(self.database.remove)

    def run_command(self, *arguments, **settings):
        return subprocess.run(
            [EXECUTABLE, "migrate", *arguments], cwd=self.folder, text=True, capture_output=True,
            stdin=subprocess.DEVNULL, timeout=60,
            # Nothing but the database: a job that migrates need not hold the secrets.
            env={"PATH": os.environ["PATH"], "DATABASE_URL": self.database.url, **settings})

    def test_up_status_and_down(self):
        status = self.run_command("status")
        self.assertEqual((status.returncode, status.stderr), (1, ""))
        self.assertEqual([line.split() for line in status.stdout.splitlines()],
                         [[label, "pending"] for label in LABELS])
        up = self.run_command("up")
        self.assertEqual((up.returncode, up.stdout), (0, "".join(
            f"applying {label}\n" for label in LABELS) + "3 applied\n"), up)
        self.assertEqual(self.run_command("status").returncode, 0)
        down = self.run_command("down", "3")
        self.assertEqual((down.returncode, down.stdout), (0, "".join(
            f"undoing {label}\n" for label in reversed(LABELS)) + "3 undone\n"), down)
        self.assertEqual(self.run_command("up").returncode, 0)

    def test_the_models_ask_for_nothing_that_the_migrations_lack(self):
        self.assertEqual(self.run_command("up").returncode, 0)
        made = self.run_command("new", "--auto", "draft", "--folder", MIGRATIONS)
        self.assertEqual((made.returncode, made.stderr), (0, ""), made)
        self.assertIn("nothing to write", made.stdout)

    def test_a_draft_makes_the_live_schema_whole_again(self):
        self.assertEqual(self.run_command("up").returncode, 0)
        self.database.execute("ALTER TABLE items DROP COLUMN description")
        self.database.execute("DROP INDEX items_owner_id")
        self.database.execute("CREATE TABLE pets (x INTEGER)")
        # As a project has them: what is applied lies in the folder.
        folder = pathlib.Path(self.folder, "migrations", database.KIND)
        folder.mkdir(parents=True)
        for label in LABELS:
            (folder / f"{label}.sql").write_text("")
        made = self.run_command("new", "--auto", "mend", "--folder", "migrations")
        self.assertEqual((made.returncode, made.stderr), (0, ""), made)
        text = (folder / "0004_mend.sql").read_text()
        self.assertIn("ALTER TABLE items ADD COLUMN description", text)
        self.assertIn("CREATE INDEX items_owner_id ON items (owner_id)", text)
        self.assertIn("-- DROP TABLE pets;", text)
        self.assertNotIn("ALTER TABLE users", text)
        up, down = text.split("-- down")
        for statement in up.split(";\n"):
            code = "\n".join(line for line in statement.splitlines() if not line.startswith("--"))
            if code.strip():
                self.database.execute(code)
        again = self.run_command("new", "--auto", "again", "--folder", MIGRATIONS)
        self.assertIn("nothing to write", again.stdout, again)

    def test_what_is_wrong_is_told(self):
        result = self.run_command("up", DATABASE_URL="mysql://user:hunter2@host/db")
        self.assertEqual(result.returncode, 1)
        self.assertIn("database_url: expected sqlite:///", result.stderr)
        self.assertNotIn("hunter2", result.stderr)
        self.assertEqual(self.run_command("sideways").returncode, 2)
        help_text = self.run_command("--help", DATABASE_URL="")
        self.assertEqual(help_text.returncode, 0)
        self.assertIn("usage: portico-api migrate", help_text.stdout)

    def test_ten_commands_at_once_apply_each_once(self):
        results = race(10, lambda _: self.run_command("up"))
        self.assertEqual([result.returncode for result in results], [0] * 10, results)
        lines = [line for result in results for line in result.stdout.splitlines()
                 if line.startswith("applying")]
        self.assertEqual(sorted(lines), [f"applying {label}" for label in LABELS])

    def test_ten_servers_at_once_on_an_empty_database_all_serve(self):
        # Without --migrate: none may take what another has half done for a database that is behind.
        servers = [Server(folder=self.folder, arguments=(), WORKERS="1") for _ in range(10)]
        try:
            race(10, lambda n: servers[n].start())
            for server in servers:
                self.assertEqual(server.get("/health/ready").status, 200)
            servers[0].register("someone")
            for server in servers:
                server.token("someone", "a good password")
                server.admin()
        finally:
            for server in servers:
                if server.process:
                    server.stop()

    def test_a_database_that_is_behind_is_refused_without_migrate(self):
        self.assertEqual(self.run_command("up").returncode, 0)
        self.assertEqual(self.run_command("down").returncode, 0)
        result = subprocess.run(
            [EXECUTABLE], cwd=self.folder, text=True, stdin=subprocess.DEVNULL,
            capture_output=True, timeout=60,
            env={"PATH": os.environ["PATH"], "DATABASE_URL": self.database.url,
                 "SECRET_KEY": SECRET, "ENVIRONMENT": "test", "PORT": "0"})
        self.assertEqual(result.returncode, 1)
        self.assertIn("pending: 0003_create_tokens", result.stderr)
        self.assertIn("--migrate", result.stderr)
        with Server(folder=self.folder, arguments=("--migrate",)) as server:
            self.assertEqual(server.get("/health/ready").status, 200)


if __name__ == "__main__":
    unittest.main()
