"""The start: settings, their sources, the first admin, what a wrong start says."""

import json
import os
import subprocess
import tempfile
import time
import unittest

from server import ADMIN, EXECUTABLE, SECRET, Server


def run(*arguments, folder=None, **environment):
    environment["PATH"] = os.environ["PATH"]
    return subprocess.run([EXECUTABLE, *arguments], cwd=folder, env=environment, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True, timeout=60)


class Start(unittest.TestCase):
    def test_every_wrong_setting_is_in_one_message(self):
        with tempfile.TemporaryDirectory() as folder:
            result = run(folder=folder, PORT="80a", DB_POOL_SIZE="0", LOG_FORMAT="xml",
                         LOGIN_RATE_LIMIT="2147483648", LOGIN_FAILURE_LIMIT="4294967295",
                         SECRET_KEY="tooshort-secret")
        self.assertEqual(result.returncode, 2, result)
        for name in ("port", "db_pool_size", "log_format", "secret_key", "database_url",
                     "login_rate_limit", "login_failure_limit"):
            self.assertIn(name, result.stderr)
        self.assertIn('80a', result.stderr)
        self.assertIn("PORT", result.stderr)
        self.assertNotIn("tooshort", result.stderr + result.stdout)

    def test_a_broken_line_of_a_file_hides_no_other_fault(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, ".env"), "w") as file:
                file.write(f"nonsense\nPORT=99999\nSECRET_KEY={SECRET}\nLOG_LEVEL=loud\n")
            result = run(folder=folder, ENVIRONMENT="test", DATABASE_URL="sqlite:///:memory:")
        self.assertEqual(result.returncode, 2, result)
        self.assertEqual([line.split(": ")[0].strip() for line in result.stderr.splitlines()[1:]],
                         [".env line 1", "port", "log_level"])

    def test_a_database_that_is_no_sqlite_path_is_a_wrong_setting(self):
        with tempfile.TemporaryDirectory() as folder:
            for url in ("mysql://user:hunter2@host/db", "sqlite:///", "sqlite:///a?mode=ro", "x"):
                result = run(folder=folder, ENVIRONMENT="test", SECRET_KEY=SECRET, DATABASE_URL=url)
                self.assertEqual(result.returncode, 2, (url, result))
                self.assertIn("database_url: expected sqlite:///", result.stderr)
                self.assertNotIn("hunter2", result.stderr + result.stdout)

    def test_a_database_that_can_not_be_opened_is_told_with_what_to_do(self):
        with tempfile.TemporaryDirectory() as folder:
            result = run(folder=folder, ENVIRONMENT="test", SECRET_KEY=SECRET,
                         DATABASE_URL="sqlite:///./missing/app.db")
        self.assertEqual(result.returncode, 1, result)
        for part in ("database_url", "./missing/app.db", "its folder"):
            self.assertIn(part, result.stderr)

    def test_the_first_admin_is_checked_like_a_user(self):
        with tempfile.TemporaryDirectory() as folder:
            result = run(folder=folder, ENVIRONMENT="test", DATABASE_URL="sqlite:///:memory:",
                         SECRET_KEY=SECRET, FIRST_ADMIN_USERNAME="a b",
                         FIRST_ADMIN_EMAIL="nowhere", FIRST_ADMIN_PASSWORD="hunter2")
            self.assertEqual(result.returncode, 2, result)
            for name in ("first_admin_username", "first_admin_email", "first_admin_password"):
                self.assertIn(f"  {name}: ", result.stderr)
            self.assertNotIn("hunter2", result.stderr + result.stdout)
            result = run(folder=folder, ENVIRONMENT="test", DATABASE_URL="sqlite:///:memory:",
                         SECRET_KEY=SECRET, FIRST_ADMIN_USERNAME="root-admin")
            self.assertEqual(result.returncode, 2, result)
            self.assertIn("first_admin_email: is missing", result.stderr)
            self.assertIn("first_admin_password: is missing", result.stderr)

    def test_a_placeholder_secret_is_refused_outside_development(self):
        with tempfile.TemporaryDirectory() as folder:
            settings = {"DATABASE_URL": "sqlite:///:memory:", "ENFORCE_HTTPS": "false"}
            for environment in ("production", "test"):
                result = run(folder=folder, ENVIRONMENT=environment, SECRET_KEY="changeme" * 4,
                             **settings)
                self.assertEqual(result.returncode, 2, result)
                self.assertIn("secret_key: is a well-known placeholder", result.stderr)
                self.assertNotIn("changeme", result.stderr)
                result = run(folder=folder, ENVIRONMENT=environment, SECRET_KEY=SECRET,
                             SECRET_KEY_PREVIOUS="changeme" * 4, **settings)
                self.assertEqual(result.returncode, 2, result)
                self.assertIn("secret_key_previous: is a well-known placeholder", result.stderr)
            with Server(folder=folder, ENVIRONMENT="development", SECRET_KEY="changeme" * 4):
                pass

    def test_production_needs_a_word_about_https_and_no_debug(self):
        with tempfile.TemporaryDirectory() as folder:
            settings = {"DATABASE_URL": "sqlite:///:memory:", "SECRET_KEY": SECRET}
            result = run(folder=folder, **settings)
            self.assertEqual(result.returncode, 2, result)
            self.assertIn("enforce_https", result.stderr)
            result = run(folder=folder, DEBUG="true", ENFORCE_HTTPS="false", **settings)
            self.assertEqual(result.returncode, 2, result)
            self.assertIn("debug", result.stderr)

    def test_a_star_among_the_origins_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            result = run(folder=folder, DATABASE_URL="sqlite:///:memory:", SECRET_KEY=SECRET,
                         ENVIRONMENT="test", CORS_ORIGINS='["*"]')
            self.assertEqual(result.returncode, 2, result)
            self.assertIn("cors_origins", result.stderr)

    def test_help_names_the_settings(self):
        result = run("--help")
        self.assertEqual(result.returncode, 0, result)
        for name in ("--port", "--[no-]migrate", "DATABASE_URL", "8000"):
            self.assertIn(name, result.stdout)

    def test_openapi_prints_what_is_served_without_settings(self):
        printed = run("openapi")
        self.assertEqual((printed.returncode, printed.stderr), (0, ""))
        with Server() as server:
            self.assertEqual(json.loads(printed.stdout), server.get("/openapi.json").json())
            self.assertEqual(run("openapi", "--format", "yaml").stdout.encode(),
                             server.get("/openapi.yaml").body)

    def test_a_secret_is_not_taken_from_the_command_line(self):
        result = run("--secret-key", "x" * 40)
        self.assertEqual(result.returncode, 2)
        self.assertNotIn("x" * 40, result.stderr)

    def test_sources_come_in_their_order(self):
        with tempfile.TemporaryDirectory() as folder:
            with open(os.path.join(folder, ".env"), "w") as file:
                file.write("APP_NAME=from-env-file\nLOG_LEVEL=INFO\nUNKNOWN=1\n")
            with open(os.path.join(folder, ".env.local"), "w") as file:
                file.write("app_name='from local'\n")
            with Server(folder=folder) as server:
                self.assertEqual(server.get("/openapi.json").json()["info"]["title"], "from local")
            with Server(folder=folder, APP_NAME="from-environment") as server:
                self.assertEqual(server.get("/openapi.json").json()["info"]["title"],
                                 "from-environment")
            with Server(folder=folder, APP_NAME="x", arguments=("--migrate", "--app-name", "argv")) \
                    as server:
                self.assertEqual(server.get("/openapi.json").json()["info"]["title"], "argv")

    def test_a_secrets_directory_comes_after_the_files(self):
        with tempfile.TemporaryDirectory() as folder:
            secrets = os.path.join(folder, "secrets")
            os.mkdir(secrets)
            for name, value in (("app_name", "from the secrets\n"), ("secret_key", SECRET + "\n")):
                with open(os.path.join(secrets, name), "w") as file:
                    file.write(value)
            settings = {"folder": folder, "SECRETS_DIR": secrets, "SECRET_KEY": None}
            with Server(**settings) as server:
                self.assertEqual(server.get("/openapi.json").json()["info"]["title"],
                                 "from the secrets")
                server.admin()
            for name in (".env", ".env.local"):
                with open(os.path.join(folder, name), "w") as file:
                    file.write(f"APP_NAME={name}\n")
                with Server(**settings) as server:
                    self.assertEqual(server.get("/openapi.json").json()["info"]["title"], name)

    def test_the_first_admin_is_created_once_and_never_reset(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server(folder=folder) as server:
                self.assertEqual(set(server.get("/api/v1/users/me", token=server.admin())
                                     .json()["scopes"]), {"read", "write", "admin"})
                server.register("plain")
            with Server(folder=folder, FIRST_ADMIN_PASSWORD="another password") as server:
                self.assertEqual(server.login(ADMIN["username"], ADMIN["password"]).status, 200)
                self.assertEqual(server.login(ADMIN["username"], "another password").status, 401)
            result = run(folder=folder, DATABASE_URL=server.database.url, SECRET_KEY=SECRET,
                         ENVIRONMENT="test", PORT="0", FIRST_ADMIN_USERNAME="plain",
                         FIRST_ADMIN_EMAIL="p@portico.dev", FIRST_ADMIN_PASSWORD="a good password")
            self.assertNotEqual(result.returncode, 0)
            self.assertIn("plain", result.stderr + result.stdout)

    def test_a_port_in_use_is_a_clear_error(self):
        with Server() as server:
            result = run("--migrate", PORT=str(server.port), SECRET_KEY=SECRET,
                         ENVIRONMENT="test", DATABASE_URL="sqlite:///:memory:")
            self.assertNotEqual(result.returncode, 0)
            self.assertIn(str(server.port), result.stderr + result.stdout)

    def test_revocations_survive_a_restart(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server(folder=folder) as server:
                server.register("someone")
                pair = server.login("someone", "a good password").json()
                kept = server.token("someone", "a good password")
                server.post("/api/v1/auth/logout", {"refresh_token": pair["refresh_token"]},
                            token=pair["access_token"])
                server.kill()
                server.start()
                self.assertEqual(
                    server.get("/api/v1/users/me", token=pair["access_token"]).status, 401)
                self.assertEqual(server.get("/api/v1/users/me", token=kept).status, 200)

    def test_a_log_out_reaches_another_process_in_a_second(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server(folder=folder) as one, Server(folder=folder) as other:
                one.register("someone")
                pair = one.login("someone", "a good password").json()
                token = pair["access_token"]
                self.assertEqual(other.get("/api/v1/users/me", token=token).status, 200)
                one.post("/api/v1/auth/logout", {"refresh_token": pair["refresh_token"]},
                         token=token)
                told = time.monotonic()
                while other.get("/api/v1/users/me", token=token).status == 200:
                    self.assertLess(time.monotonic() - told, 10)

    def test_a_secret_can_be_rotated(self):
        with tempfile.TemporaryDirectory() as folder:
            with Server(folder=folder) as server:
                server.register("someone")
                token = server.token("someone", "a good password")
            new = "fedcba9876543210fedcba9876543210-new"
            with Server(folder=folder, SECRET_KEY=new, SECRET_KEY_PREVIOUS=SECRET) as server:
                self.assertEqual(server.get("/api/v1/users/me", token=token).status, 200)
            with Server(folder=folder, SECRET_KEY=new) as server:
                self.assertEqual(server.get("/api/v1/users/me", token=token).status, 401)


if __name__ == "__main__":
    unittest.main()
