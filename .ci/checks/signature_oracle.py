"""Signs a described request with botocore and with awscrt.

A case is a dictionary with the members of Tests/TestSupport/SignatureCase.swift. Both libraries take the
path as it is sent; the raw path is encoded here once, as our signer does.
"""

import base64
import datetime
from hashlib import sha256
from urllib.parse import quote

import botocore.auth
from awscrt import auth as crt_auth
from awscrt import http as crt_http
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

UNSIGNED = "UNSIGNED-PAYLOAD"


class UnnormalizedPath:
    """botocore's standard signer for a path whose dot segments and repeated slashes stay."""

    def _normalize_url_path(self, path):
        return botocore.auth.quote(path, safe="/~")


class UnnormalizedHeaderAuth(UnnormalizedPath, botocore.auth.SigV4Auth):
    pass


class UnnormalizedQueryAuth(UnnormalizedPath, botocore.auth.SigV4QueryAuth):
    pass


AUTH_CLASSES = {
    ("s3", "header"): botocore.auth.S3SigV4Auth,
    ("s3", "presigned"): botocore.auth.S3SigV4QueryAuth,
    ("standard", "header"): botocore.auth.SigV4Auth,
    ("standard", "presigned"): botocore.auth.SigV4QueryAuth,
    ("unnormalized", "header"): UnnormalizedHeaderAuth,
    ("unnormalized", "presigned"): UnnormalizedQueryAuth,
}


def encoded_target(case):
    path = quote(base64.b64decode(case["path"]), safe="/~")
    pairs = [f"{quote(n, safe='-_.~')}={quote(v, safe='-_.~')}" for n, v in case["query"]]
    return path + ("?" + "&".join(pairs) if pairs else "")


def moment(case):
    return datetime.datetime.strptime(case["time"], "%Y%m%dT%H%M%SZ").replace(
        tzinfo=datetime.timezone.utc)


def payload_hash(case):
    if case["unsignedPayload"] or (case["style"] == "s3" and case["form"] == "presigned"):
        return UNSIGNED
    return sha256(base64.b64decode(case["body"])).hexdigest()


def sign_with_botocore(case):
    """Returns the signed parts: signature, canonical request, string to sign, target and headers."""
    host = dict((n.lower(), v) for n, v in case["headers"])["host"]
    request = AWSRequest(
        method=case["method"], url=f"https://{host}{encoded_target(case)}",
        data=base64.b64decode(case["body"]))
    for name, value in case["headers"]:
        request.headers.add_header(name, value)
    if case["unsignedPayload"]:
        request.context["client_config"] = Config(s3={"payload_signing_enabled": False})
    # botocore knows no token that is sent without being signed: it is left out of what botocore sees.
    signs_token = case.get("sessionTokenIsSigned", True)
    credentials = Credentials(
        case["accessKeyID"], case["secretAccessKey"], signs_token and case["sessionToken"] or None)
    extra = {"expires": case["expires"]} if case["form"] == "presigned" else {}
    style = case["style"] if case.get("normalizesPath", True) else "unnormalized"
    signer = AUTH_CLASSES[style, case["form"]](
        credentials, case["service"], case["region"], **extra)
    if case["form"] == "presigned" and case["body"]:
        # botocore would move the body into the query of a presigned request; its hash is what counts.
        digest = payload_hash(case)
        request.data = b""
        signer.payload = lambda _: digest

    seen = {}
    compute = signer.string_to_sign

    def string_to_sign(request, canonical_request):
        seen["canonicalRequest"] = canonical_request
        seen["stringToSign"] = compute(request, canonical_request)
        return seen["stringToSign"]

    signer.string_to_sign = string_to_sign
    botocore.auth.get_current_datetime = lambda *_, **__: moment(case)
    if case["form"] == "presigned" and len({n for n, _ in case["query"]}) < len(case["query"]):
        keep_repeated_parameters(signer)
    signer.add_auth(request)
    _, _, rest = request.url.partition("://")
    if case["form"] == "header":
        signature = request.headers["Authorization"].rpartition("Signature=")[2]
    else:
        signature = request.url.rpartition("X-Amz-Signature=")[2]
    target = rest[len(host):]
    headers = [[n, v] for n, v in request.headers.items()]
    if not signs_token:
        if case["form"] == "header":
            headers.append(["X-Amz-Security-Token", case["sessionToken"]])
        else:
            target += "&X-Amz-Security-Token=" + quote(case["sessionToken"], safe="-_.~")
    return dict(seen, signature=signature, target=target, sentHeaders=headers)


def keep_repeated_parameters(signer):
    """botocore's presigner drops all but the first value of a repeated parameter (parse_qs and v[0]);
    its own steps before and after that are right, so only the merging is done here."""
    modify = signer._modify_request_before_signing

    def modify_and_restore(request):
        given = request.url.partition("?")[2]
        request.url = request.url.partition("?")[0]
        modify(request)
        address, _, added = request.url.partition("?")
        request.url = f"{address}?{given}&{added}"

    signer._modify_request_before_signing = modify_and_restore


def sign_with_awscrt(case):
    """Returns the signature."""
    is_s3 = case["style"] == "s3"
    presigned = case["form"] == "presigned"
    request = crt_http.HttpRequest(
        case["method"], encoded_target(case),
        crt_http.HttpHeaders([(n, v) for n, v in case["headers"]]))
    header_type = crt_auth.AwsSignedBodyHeaderType
    config = crt_auth.AwsSigningConfig(
        algorithm=crt_auth.AwsSigningAlgorithm.V4,
        signature_type=(
            crt_auth.AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS if presigned
            else crt_auth.AwsSignatureType.HTTP_REQUEST_HEADERS),
        credentials_provider=crt_auth.AwsCredentialsProvider.new_static(
            case["accessKeyID"], case["secretAccessKey"], case["sessionToken"] or None),
        region=case["region"], service=case["service"], date=moment(case),
        # awscrt itself leaves out only some of what hops change.
        should_sign_header=lambda name: name.lower() not in
        botocore.auth.SIGNED_HEADERS_BLACKLIST,
        use_double_uri_encode=not is_s3, should_normalize_uri_path=not is_s3 and case.get("normalizesPath", True),
        omit_session_token=not case.get("sessionTokenIsSigned", True),
        signed_body_value=payload_hash(case),
        signed_body_header_type=(
            header_type.X_AMZ_CONTENT_SHA_256 if is_s3 and not presigned else header_type.NONE),
        expiration_in_seconds=case["expires"] if presigned else None)
    signed = crt_auth.aws_sign_request(request, config).result(10)
    if presigned:
        parameters = signed.path.partition("?")[2].split("&")
        return dict(p.partition("=")[::2] for p in parameters)["X-Amz-Signature"]
    return dict(signed.headers)["Authorization"].rpartition("Signature=")[2]
