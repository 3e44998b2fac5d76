"""pyHanko's own CSC client signs a file through the sandbox with a timestamp, and pyHanko validates it. Arguments: address, account."""

import asyncio
import io
import sys

import aiohttp
from asn1crypto import crl, x509
from pyhanko.pdf_utils import writer
from pyhanko.pdf_utils.content import RawContent
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers import csc_signer
from pyhanko.sign.timestamps.aiohttp_client import AIOHttpTimeStamper
from pyhanko.sign.validation import async_validate_pdf_signature
from pyhanko_certvalidator import ValidationContext

address, account = sys.argv[1:]
base = f"{address}/csc-v1"


class Permission(csc_signer.CSCAuthorizationManager):
    """Asks for a permission; the phone presses by itself."""

    def __init__(self, session, *arguments):
        super().__init__(*arguments)
        self.session = session

    async def authorize_signature(self, hash_b64s):
        body = self.format_csc_auth_request(num_signatures=len(hash_b64s), hash_b64s=hash_b64s)
        url = self.csc_session_info.endpoint_url("credentials/authorize")
        async with self.session.post(url, headers=self.auth_headers, json=body, raise_for_status=True) as answer:
            return self.parse_csc_auth_response(await answer.json())


def blank():
    file = writer.PdfFileWriter()
    file.insert_page(writer.PageObject(contents=file.add_object(writer.generic.StreamObject(stream_data=b"")), media_box=(0, 0, 200, 200)))
    out = io.BytesIO()
    file.write(out)
    out.seek(0)
    return out


async def main():
    async with aiohttp.ClientSession() as session:
        form = {"grant_type": "client_credentials", "client_id": "portal-demo", "client_secret": "sandbox-only"}
        async with session.post(f"{base}/oauth2/token", data=form, raise_for_status=True) as answer:
            token = (await answer.json())["access_token"]
        headers = {"Authorization": f"Bearer {token}"}
        async with session.post(f"{base}/csc/v1/credentials/list", headers=headers, json={"userID": account}, raise_for_status=True) as answer:
            credential = (await answer.json())["credentialIDs"][0]
        info = csc_signer.CSCServiceSessionInfo(service_url=base, credential_id=credential, oauth_token=token)
        known = await csc_signer.fetch_certs_in_csc_credential(session, info)
        signer = csc_signer.CSCSigner(session, Permission(session, info, known), sign_timeout=30)
        stamper = AIOHttpTimeStamper(f"{address}/tsa", session)
        metadata = signers.PdfSignatureMetadata(field_name="Signature1", subfilter=fields.SigSeedSubFilter.PADES, md_algorithm="sha256")
        out = await signers.async_sign_pdf(IncrementalPdfFileWriter(blank()), metadata, signer=signer, timestamper=stamper)
        lists = []
        for name in ("issuing", "root"):
            async with session.get(f"{address}/crl/{name}.crl", raise_for_status=True) as answer:
                lists.append(crl.CertificateList.load(await answer.read()))
        async with session.get(f"{address}/certificates/root.cer", raise_for_status=True) as answer:
            root = x509.Certificate.load(await answer.read())
    out.seek(0)
    context = ValidationContext(trust_roots=[root], crls=lists, allow_fetching=False, revocation_mode="require", other_certs=known.chain)
    status = await async_validate_pdf_signature(PdfFileReader(out).embedded_signatures[0], signer_validation_context=context, ts_validation_context=context)
    print(status.pretty_print_details())
    assert status.bottom_line and status.timestamp_validity.trusted, "pyHanko does not accept it"
    print("ACCEPTED")


asyncio.run(main())
