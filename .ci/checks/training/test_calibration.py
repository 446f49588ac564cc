"""Temperatures, calibration errors, intervals, and the report's numbers."""

import unittest

import torch

import support  # noqa: F401
import artifact
import calibration
import dataset
import evaluation
import inference


def overconfident(count, classes, factor, seed=1):
    """(logits, labels): labels are drawn from the softmax of what the logits are `factor` times."""
    generator = torch.Generator().manual_seed(seed)
    honest = 2 * torch.randn(count, classes, generator=generator)
    labels = torch.multinomial(torch.softmax(honest, 1), 1, generator=generator).flatten()
    return honest * factor, labels


class Temperature(unittest.TestCase):
    def test_the_factor_of_overconfidence_is_found(self):
        for classes in (2, 5):
            for factor in (0.5, 1.0, 3.0):
                with self.subTest(classes=classes, factor=factor):
                    self.assertAlmostEqual(calibration.temperature(*overconfident(4000, classes, factor)) / factor, 1, delta=0.12)

    def test_it_lowers_the_error_of_others_and_keeps_the_order_of_classes(self):
        for classes in (2, 5):
            with self.subTest(classes=classes):
                logits, labels = overconfident(2000, classes, 4)
                others, answers = overconfident(2000, classes, 4, seed=2)
                report = calibration.before_and_after(others, answers, calibration.temperature(logits, labels))
                self.assertGreater(report["before"]["ece"], 0.1)
                self.assertLess(report["after"]["ece"], 0.04)
                self.assertLess(report["after"]["loss"], report["before"]["loss"])
                order = (others / calibration.temperature(logits, labels)).argsort(1)
                self.assertTrue(torch.equal(order, others.argsort(1)))

    def test_a_few_photographs_that_are_all_right_do_not_make_the_model_certain(self):
        self.assertGreater(calibration.temperature(torch.tensor([[1.0, -1.0]] * 4), torch.zeros(4, dtype=torch.long)), 0.5)

    def test_the_bins_hold_every_photograph(self):
        logits, labels = overconfident(300, 3, 2)
        measured = calibration.measure(logits, labels)
        self.assertEqual(sum(part["count"] for part in measured["bins"]), 300)
        expected = sum(part["count"] * abs(part["confidence"] - part["accuracy"]) for part in measured["bins"] if part["count"]) / 300
        self.assertAlmostEqual(measured["ece"], expected)

    def test_a_certain_answer_is_in_the_last_bin(self):
        measured = calibration.measure(torch.tensor([[100.0, 0.0]]), torch.tensor([1]))
        self.assertEqual((measured["bins"][9]["count"], measured["ece"]), (1, 1.0))


class Served(unittest.TestCase):
    def test_the_temperature_divides_the_logits_that_are_returned(self):
        class Two(torch.nn.Module):
            def forward(self, values):
                return torch.tensor([[3.0, -1.0]])

        for temperature, logits in [(1.0, [3.0, -1.0]), (2.0, [1.5, -0.5])]:
            model = inference.Classifier(Two(), artifact.networks.LITE, ["a", "b"], torch.device("cpu"), temperature)
            self.assertEqual(inference.predict_fn(support.picture(1), model).logits.tolist(), logits)


class Evaluation(unittest.TestCase):
    def test_wilsons_interval(self):
        for right, count, expected in [(33, 35, (0.814, 0.984)), (0, 10, (0, 0.278)), (10, 10, (0.722, 1)), (50, 100, (0.404, 0.596))]:
            with self.subTest(right=right, count=count):
                for found, bound in zip(evaluation.interval(right, count), expected):
                    self.assertAlmostEqual(found, bound, places=3)
        self.assertIsNone(evaluation.interval(0, 0))

    def test_recall_top_five_confusions_and_the_worst(self):
        classes = list("abcdefg")
        labels = [0, 0, 0, 1, 1, 2]
        answers = [0, 0, 1, 1, 0, 3]
        logits = -torch.arange(7.0).repeat(6, 1) / 100
        for row, answer in enumerate(answers):
            logits[row, answer] = 3 + row
        logits[5, [0, 1, 4, 5]] = 1.0  # five are before the right class 2
        photographs = [dataset.Photograph(f"/p/{index}.jpg", f"{index}.jpg", label, str(index)) for index, label in enumerate(labels)]
        test = evaluation.of_test(photographs, classes, logits, 0.5)
        self.assertEqual(test["accuracy"], 0.5)
        self.assertAlmostEqual(test["top5"]["accuracy"], 5 / 6)
        self.assertEqual([(c["photographs"], c["right"], c["recall"]) for c in test["classes"][:4]], [(3, 2, 2 / 3), (2, 1, 0.5), (1, 0, 0.0), (0, 0, None)])
        self.assertEqual(test["confusions"], [{"class": "a", "predicted": "b", "count": 1}, {"class": "b", "predicted": "a", "count": 1}, {"class": "c", "predicted": "d", "count": 1}])
        self.assertEqual([entry["file"] for entry in test["worst"]], ["/p/5.jpg", "/p/4.jpg", "/p/2.jpg"])
        self.assertGreater(test["worst"][0]["probability"], test["worst"][1]["probability"])
        self.assertIsNone(evaluation.of_test(photographs[:5], classes[:5], logits[:5, :5], 0.5)["top5"])


if __name__ == "__main__":
    unittest.main()
