import DogBreedModel
import JSON
import LoopbackServer

/// The container of the local endpoint: EfficientNet-Lite0 for 118 dog breeds.
///
/// `image/jpeg`, `image/png`, `application/x-image` (JPEG or PNG), or `application/json` `{"url": …}` of the web or of
/// an object of the local S3, returns `[[118 logits]]`, without softmax, like the PyTorch container that it replaces.
/// An image that cannot be decoded returns 500 with a traceback, another content type 415.
package final class BuiltInModel: InferenceModel {
  private let model = Locked<DogBreedModel?>(nil)

  /// Loads the weights on the first request, or with ``load()``.
  package init() {}

  /// Loads the weights now. May be called from any thread, any number of times.
  package func load() throws {
    _ = try loaded()
  }

  /// Classifies an image; JSON requires ``infer(_:)``.
  package func infer(contentType: String, accept: String, body: [UInt8]) throws -> ContainerReply {
    let type = contentType.split(separator: ";").first.map(String.init) ?? ""
    guard ["image/jpeg", "image/png", "application/x-image"].contains(type) else {
      return .text(415, "Content type \(contentType) is not supported by this framework.")
    }
    guard accept.isEmpty || accept.contains("application/json") || accept.contains("*/*") else {
      return .text(406, "Accept type \(accept) is not supported by this framework.")
    }
    do {
      let image =
        switch type {
        case "image/jpeg": try RGBImage(jpeg: body)
        case "image/png": try RGBImage(png: body)
        default: try RGBImage(file: body)
        }
      return reply(try loaded().logits(of: image))
    } catch let error as ImageFileError {
      return .text(500, traceback(error: "cannot identify image file: \(error)", in: "input_fn"))
    }
  }

  /// Classifies an image, or the one that `{"url": …}` names.
  package func infer(_ request: ContainerRequest) throws -> ContainerReply {
    guard request.contentType.split(separator: ";").first == "application/json" else {
      return try infer(contentType: request.contentType, accept: request.accept, body: request.body)
    }
    guard let url = try? JSONValue(parsing: request.body)["url"]?.stringValue else {
      return .text(500, traceback(error: "KeyError: 'url'", in: "input_fn"))
    }
    do {
      let image = try request.objects.read(url: url)
      return try infer(
        contentType: "application/x-image", accept: request.accept, body: image)
    } catch let error as WebFetchError {
      return .text(error.status, "\(error)")
    } catch let error as S3Error {
      return .text(500, traceback(error: "urllib.error.HTTPError: \(error)", in: "input_fn"))
    }
  }

  private func loaded() throws -> DogBreedModel {
    try model.withLock { model in
      if let model { return model }
      let loaded = try DogBreedModel()
      model = loaded
      return loaded
    }
  }

  private func reply(_ logits: [Float]) -> ContainerReply {
    var writer = JSONWriter(reservingCapacity: 2048)
    writer.beginArray()
    writer.beginArray()
    // Converted through text, which gives the shortest digits of the Float instead of those of its
    // Double.
    for logit in logits { writer.double(Double("\(logit)") ?? Double(logit)) }
    writer.endArray()
    writer.endArray()
    return ContainerReply(status: 200, contentType: "application/json", body: writer.bytes)
  }

  /// An exception in the format of the SageMaker inference toolkit: text, then traceback.
  private func traceback(error: String, in function: String) -> String {
    """
    \(error)
    Traceback (most recent call last):
      File "/opt/conda/lib/python3.10/site-packages/sagemaker_inference/transformer.py", line 142, in transform
        result = self._run_handler_function(
      File "/opt/ml/model/code/inference.py", line 31, in \(function)
        image = Image.open(io.BytesIO(request_body))
    \(error)

    """
  }
}
