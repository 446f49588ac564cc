"""The endpoint's four functions: what they take, what they refuse, what they answer."""

import contextlib
import http.server
import json
import pathlib
import ssl
import subprocess
import tempfile
import threading
import unittest
from unittest import mock

import torch

import support
import inference
import networks

JPEG = support.encoded(support.picture(1), "JPEG")
PNG = support.encoded(support.picture(2), "PNG")
WEBP = support.encoded(support.picture(3), "WEBP")


class ServingTest(unittest.TestCase):
    def assertRefused(self, status, call, *arguments):
        with self.assertRaises(inference.BaseInferenceToolkitError) as refused:
            call(*arguments)
        self.assertEqual(refused.exception.status_code, status, refused.exception.message)
        return refused.exception.message


class Requests(ServingTest):
    def test_jpeg_png_and_webp_are_taken(self):
        accepted = [(JPEG, "image/jpeg"), (PNG, "image/png"), (JPEG, "application/x-image"), (PNG, "application/x-image"), (WEBP, "image/webp"), (WEBP, "application/x-image"), (JPEG, "IMAGE/JPEG; q=1"), (bytearray(JPEG), "image/jpeg")]
        for data, content_type in accepted:
            with self.subTest(content_type=content_type):
                self.assertEqual(inference.input_fn(data, content_type).mode, "RGB")

    def test_other_content_types_are_415(self):
        for content_type in ("image/gif", "text/csv", "application/octet-stream", "multipart/form-data", "", None):
            with self.subTest(content_type=content_type):
                self.assertRefused(415, inference.input_fn, JPEG, content_type)

    def test_bytes_that_are_not_what_the_type_says_are_400(self):
        for data, content_type in [(JPEG, "image/png"), (b"", "image/jpeg"), (JPEG[:200], "image/jpeg"), (b"GIF89a", "application/x-image")]:
            with self.subTest(content_type=content_type):
                self.assertRefused(400, inference.input_fn, data, content_type)

    def test_too_many_bytes_are_413(self):
        with mock.patch.object(inference, "MAXIMUM_IMAGE_BYTES", len(JPEG) - 1):
            self.assertRefused(413, inference.input_fn, JPEG, "image/jpeg")

    def test_json_that_is_no_url_is_400(self):
        for body in ("", "{", "[]", '"https://a"', "{}", '{"url": 1}', '{"url": null}'):
            with self.subTest(body=body):
                self.assertRefused(400, inference.input_fn, body, "application/json")

    def test_urls_other_than_https_are_400_and_never_opened(self):
        with mock.patch("urllib.request.OpenerDirector.open", side_effect=AssertionError("opened")):
            for url in ("http://example.com/a.jpg", "file:///etc/passwd", "ftp://example.com/a", "data:image/png;base64,AA", "//example.com", "https:/example.com", " https://example.com", "httpsx://a"):
                with self.subTest(url=url):
                    message = self.assertRefused(400, inference.input_fn, json.dumps({"url": url}), "application/json")
                    self.assertNotIn("example.com", message)


class Loading(ServingTest):
    def setUp(self):
        temporary = tempfile.TemporaryDirectory()
        self.addCleanup(temporary.cleanup)
        self.folder = pathlib.Path(temporary.name)
        torch.manual_seed(1)
        inference.artifact.save(self.folder, networks.build("resnet18", 2), "resnet18", ["a", "b"], 2.5)

    def test_each_worker_takes_the_gpu_that_it_is_given(self):
        loaded = mock.Mock(return_value=(torch.nn.Identity(), networks.IMAGENET, ["a", "b"], 1.0))
        for properties, available, device in [({"gpu_id": 3}, True, "cuda:3"), ({"gpu_id": None}, True, "cuda:0"), ({"gpu_id": None}, False, "cpu")]:
            with self.subTest(properties=properties), mock.patch.object(torch.cuda, "is_available", return_value=available), mock.patch.object(inference.artifact, "load", loaded):
                self.assertEqual(inference.model_fn(self.folder, mock.Mock(system_properties=properties)).device, torch.device(device))
                self.assertEqual(loaded.call_args.args[1], torch.device(device))

    def test_the_temperature_comes_from_model_json_and_old_models_have_none(self):
        model = inference.model_fn(self.folder)
        self.assertEqual(model.temperature, 2.5)
        calibrated = inference.predict_fn(support.picture(4), model).logits
        path = self.folder / "model.json"
        description = json.loads(path.read_text())
        del description["temperature"]
        path.write_text(json.dumps(description))
        plain = inference.predict_fn(support.picture(4), inference.model_fn(self.folder)).logits
        torch.testing.assert_close(calibrated * 2.5, plain)
        self.assertEqual(int(calibrated.argmax()), int(plain.argmax()))


class Handler(http.server.BaseHTTPRequestHandler):
    released = threading.Event()

    def do_GET(self):
        if self.path == "/slow":
            self.send_response(200)
            self.end_headers()
            while not self.released.wait(0.05):
                self.wfile.write(b"x")
            return
        if self.path == "/short":
            self.send_response(200)
            self.send_header("Content-Length", str(len(PNG) + 1))
            self.end_headers()
            self.wfile.write(PNG)
            return
        status, location = {"/photo.png": (200, None), "/there": (302, "/photo.png"), "/down": (302, "http://127.0.0.1:1/a")}.get(self.path.split("?")[0], (403, None))
        self.send_response(status)
        if location:
            self.send_header("Location", location)
        body = PNG if status == 200 else b""
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


class Fetching(ServingTest):
    """Against a real server with TLS on loopback, whose certificate is trusted for the test."""

    @classmethod
    def setUpClass(cls):
        cls.resources = contextlib.ExitStack()
        folder = pathlib.Path(cls.resources.enter_context(tempfile.TemporaryDirectory()))
        certificate, key = folder / "certificate.pem", folder / "key.pem"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=localhost",
             "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        cls.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        cls.server.socket = context.wrap_socket(cls.server.socket, server_side=True)
        threading.Thread(target=cls.server.serve_forever, daemon=True).start()
        cls.resources.callback(cls.server.server_close)
        cls.resources.callback(cls.server.shutdown)
        cls.base = f"https://127.0.0.1:{cls.server.server_port}"
        cls.trust = {"SSL_CERT_FILE": str(certificate)}

    @classmethod
    def tearDownClass(cls):
        cls.resources.close()

    def ask(self, path):
        return inference.input_fn(json.dumps({"url": self.base + path}), "application/json; charset=utf-8")

    def test_an_image_is_fetched_and_redirections_within_https_are_followed(self):
        with mock.patch.dict("os.environ", self.trust):
            for path in ("/photo.png", "/there"):
                with self.subTest(path=path):
                    self.assertEqual(self.ask(path).size, (64, 48))

    def test_a_redirection_to_http_is_refused(self):
        with mock.patch.dict("os.environ", self.trust):
            self.assertRefused(400, self.ask, "/down")

    def test_a_servers_refusal_is_424_without_the_url(self):
        with mock.patch.dict("os.environ", self.trust):
            message = self.assertRefused(424, self.ask, "/private.jpg?X-Amz-Signature=secret")
        self.assertIn("403", message)
        self.assertNotIn("secret", message)

    def test_a_server_that_sends_a_byte_now_and_then_is_given_up(self):
        try:
            with mock.patch.dict("os.environ", self.trust), mock.patch.object(inference, "FETCH_SECONDS", 0.5):
                self.assertIn("within 0.5 s", self.assertRefused(424, self.ask, "/slow"))
        finally:
            Handler.released.set()

    def test_an_answer_that_is_cut_short_is_424(self):
        with mock.patch.dict("os.environ", self.trust):
            self.assertIn("IncompleteRead", self.assertRefused(424, self.ask, "/short"))

    def test_no_more_bytes_are_read_than_an_image_may_have(self):
        with mock.patch.dict("os.environ", self.trust), mock.patch.object(inference, "MAXIMUM_IMAGE_BYTES", 100):
            self.assertRefused(413, self.ask, "/photo.png")

    def test_an_untrusted_certificate_is_424(self):
        with mock.patch.dict("os.environ", {"SSL_CERT_FILE": "/dev/null"}):
            self.assertRefused(424, self.ask, "/photo.png")


class Answers(ServingTest):
    prediction = inference.Prediction(torch.tensor([1.5, -0.25, 3.0]), ["cat", "dog", "ünïcorn"])

    def test_json_is_one_row_of_logits(self):
        for accept in ("application/json", "*/*", "", None, "text/html, application/json", "Application/JSON"):
            with self.subTest(accept=accept):
                self.assertEqual(inference.output_fn(self.prediction, accept), ("[[1.5, -0.25, 3.0]]", "application/json"))

    def test_verbose_json_has_probabilities_and_labels(self):
        body, content_type = inference.output_fn(self.prediction, "application/json; verbose")
        answer = json.loads(body)
        self.assertEqual((content_type, answer["labels"], answer["predicted_label"]), ("application/json", self.prediction.labels, "ünïcorn"))
        self.assertAlmostEqual(sum(answer["probabilities"]), 1, places=12)
        self.assertEqual(max(answer["probabilities"]), answer["probabilities"][2])

    def test_csv_is_one_row_of_logits(self):
        self.assertEqual(inference.output_fn(self.prediction, "text/csv"), ("1.5,-0.25,3.0\n", "text/csv"))

    def test_other_types_are_406(self):
        for accept in ("text/html", "application/x-npy", "image/png"):
            with self.subTest(accept=accept):
                self.assertRefused(406, inference.output_fn, self.prediction, accept)

    def test_logits_that_are_no_numbers_are_500(self):
        class Broken(torch.nn.Module):
            def forward(self, values):
                return torch.tensor([[0.0, float("nan")]])

        model = inference.Classifier(Broken(), inference.artifact.networks.LITE, ["a", "b"], torch.device("cpu"))
        self.assertRefused(500, inference.predict_fn, support.picture(3), model)


if __name__ == "__main__":
    unittest.main()
